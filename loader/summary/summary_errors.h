// The summary's list of errors: how often, where, and one request of each to look for in the
// gateway's log.
#pragma once

#include <string>
#include <vector>

#include "loader/summary/console_style.h"
#include "loader/summary/summary_data.h"

namespace loader {

/// Two lines for each error, below a title; none without errors. The second says host, scenario and
/// model where the errors are not all of one, times, an example's request id, and what the gateway
/// said, as far as there is room.
[[nodiscard]] std::vector<std::string> error_lines(const std::vector<ErrorTally>& errors,
                                                   const ConsoleStyle& style);

/// For tables: the headings of what an error has, and an error's cells, as plain text. What no
/// error has is left out.
struct ErrorColumns {
  std::vector<std::string> headings{};  ///< One that starts with '#' is that of numbers.
  std::vector<std::vector<std::string>> rows{};
};
[[nodiscard]] ErrorColumns error_columns(const std::vector<ErrorTally>& errors);

}  // namespace loader
