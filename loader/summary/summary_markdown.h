// --markdown FILE: the summary as CI systems show it on the page of a job.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

/// What it says of the run besides the summary.
struct MarkdownRun {
  lab::WallTime started{};
  int exit_code = 0;
  std::vector<std::string> errors{};  ///< Why it is not 0, a sentence each.
  /// Those of them that are no verdict: why the run did not come to its end, or was none.
  std::vector<std::string> run_errors{};
};

/// GitHub's Markdown, which GitLab shows as well: the verdict, each threshold with how far the
/// value is from its limit, checks that failed, errors, and the metrics, folded away but for the
/// key ones. The same run gives the same bytes.
[[nodiscard]] std::string summary_markdown(const SummaryData& data, std::string_view suite_name,
                                           const MarkdownRun& run);

}  // namespace loader
