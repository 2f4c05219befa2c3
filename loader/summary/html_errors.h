// The report's table of errors.
#pragma once

#include <string>
#include <vector>

#include "loader/summary/summary_data.h"

namespace loader {

/// A row for each: kind, status, what the gateway said, whose and when, how often, and the id of
/// one request to look up. Columns that no error fills are left out; empty without errors.
[[nodiscard]] std::string errors_html(const std::vector<ErrorTally>& errors);

/// A request's id, selected as a whole by a click.
[[nodiscard]] std::string html_request_id(std::string_view id);

}  // namespace loader
