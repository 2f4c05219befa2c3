// A side of a comparison, read from whichever file a run has left.
#pragma once

#include <string>
#include <vector>

#include "loader/summary/summary_data.h"
#include "shared/base/error.h"

namespace loader {

struct ComparedRun {
  std::string name{};  ///< The file's.
  SummaryData summary{};
  std::vector<std::string> warnings{};  ///< Of what is odd about the file.
};

/// A summary, a run file or the file of --samples, by what is in it, compressed or not. The Error
/// says why it is none of them.
[[nodiscard]] lab::Result<ComparedRun> read_compared_run(const std::string& path);

}  // namespace loader
