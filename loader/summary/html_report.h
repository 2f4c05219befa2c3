// --html FILE: the summary as one page to look at. It needs nothing beside itself: no style sheet,
// no font, script or picture from elsewhere; it follows the reader's light or dark scheme.
#pragma once

#include <string>

#include "loader/summary/summary_data.h"

namespace loader {

/// The same run gives the same bytes. What happened when is told if `data` has its windows.
[[nodiscard]] std::string html_report(const SummaryData& data);

}  // namespace loader
