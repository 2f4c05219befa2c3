// Reads files of requests (--samples FILE) back: not each request, but what happened when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
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
  /// How many lines have stood there before, byte by byte, of those that are remembered: the first
  /// ones, which is where a copy begins.
  [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
  /// What the windows of the run tell, and how long it was; nothing else is known. Times count from
  /// the run's start.
  [[nodiscard]] SummaryData summary() const;

 private:
  static constexpr std::size_t kLinesRemembered = 65'536;

  void remember(std::string_view line);

  std::unordered_set<std::size_t> lines_;  ///< Their hashes.
  std::uint64_t repeated_ = 0;
  TagTable tags_;
  RunWindows windows_{tags_};
  std::map<std::pair<std::string, std::string>, TagSetId> tag_sets_;
  lab::Duration duration_{};
};

/// Whether it is a regular file whose first line is a request.
[[nodiscard]] bool is_samples_file(const std::string& path);
struct SamplesFile {
  SummaryData summary{};
  std::uint64_t repeated = 0;  ///< Requests.
};
/// One of any length, compressed or not. The Error names the line that is wrong.
[[nodiscard]] lab::Result<SamplesFile> read_samples_file(const std::string& path);

}  // namespace loader
