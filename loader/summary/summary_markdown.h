// --markdown FILE: the summary as CI systems show it on the page of a job.
#pragma once

#include <string>

#include "loader/summary/summary_data.h"

namespace loader {

/// GitHub's Markdown, which GitLab shows as well: the verdict, each threshold with how far the
/// value is from its limit, checks that failed, errors, and the metrics, folded away but for the
/// key ones. The same run gives the same bytes.
[[nodiscard]] std::string summary_markdown(const SummaryData& data);

}  // namespace loader
