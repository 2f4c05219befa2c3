// The end-of-test summary for people, in the layout of k6 v1 and later.
#pragma once

#include <string>

#include "loader/summary/summary_blocks.h"
#include "loader/summary/summary_data.h"

namespace loader {

struct SummaryTextOptions {
  bool colors = false;  ///< ANSI sequences; for a terminal only.
  SummaryMode mode = SummaryMode::compact;
};

/// Ends with a newline.
[[nodiscard]] std::string summary_text(const SummaryData& data, SummaryTextOptions options);

}  // namespace loader
