// Reads files of requests (--samples FILE) back: not each request, but what happened when.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "loader/metrics/run_windows.h"
#include "loader/metrics/tags.h"
#include "loader/summary/summary_data.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// Takes line after line. Requests of setup and teardown are left out, as those are of no scenario.
class SamplesReader {
 public:
  /// The Error says what is wrong with the line.
  [[nodiscard]] lab::Result<void> add(std::string_view line);
  /// What the windows of the run tell, and how long it was; nothing else is known. Times count from
  /// the run's start.
  [[nodiscard]] SummaryData summary() const;

 private:
  TagTable tags_;
  RunWindows windows_{tags_};
  std::map<std::pair<std::string, std::string>, TagSetId> tag_sets_;
  lab::Duration duration_{};
};

/// Whether it is a regular file whose first line is a request.
[[nodiscard]] bool is_samples_file(const std::string& path);
/// One of any length, compressed or not. The Error names the line that is wrong.
[[nodiscard]] lab::Result<SummaryData> read_samples_file(const std::string& path);

}  // namespace loader
