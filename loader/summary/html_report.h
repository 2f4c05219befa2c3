// --html FILE: the summary as one page to look at. It needs nothing beside itself: no script, no
// style sheet, no font or picture from elsewhere; it follows the reader's light or dark scheme.
#pragma once

#include <string>
#include <vector>

#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

/// What the page says of the run besides the summary.
struct HtmlReportContext {
  std::string suite;
  lab::WallTime started;
  int exit_code = 0;
  std::vector<std::string> errors;  ///< Why it is not 0, a sentence each.
};

/// The same run gives the same bytes. `data` should have its parts and distributions.
[[nodiscard]] std::string html_report(const SummaryData& data, const HtmlReportContext& context);

}  // namespace loader
