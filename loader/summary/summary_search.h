// A saturation search as people read it: its result in a sentence, and a line for each level.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loader/summary/console_style.h"
#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

/// "44.00 iterations/s".
[[nodiscard]] std::string search_rate(std::uint64_t rate, lab::Duration time_unit);

/// What came of it: "44.00 iterations/s is the last good level, 46.00 iterations/s is too much".
[[nodiscard]] std::string search_result(const SearchSummary& search);

/// What a level measured, a text for each threshold and for each thing beside them that made it
/// bad: "http_req_duration p(95)=1.2s", "3 iterations dropped". Those with `is_bad` are why.
struct SearchFact {
  std::string text;
  bool is_bad = false;
};
[[nodiscard]] std::vector<SearchFact> search_facts(const SearchLevel& level,
                                                   const SummaryData& data);

/// The lines of the summary, indented, without newlines. `data` knows the metrics' units.
[[nodiscard]] std::vector<std::string> search_lines(const SearchSummary& search,
                                                    const SummaryData& data,
                                                    const ConsoleStyle& style);

}  // namespace loader
