// The summary as files for machines.
#pragma once

#include <string>
#include <string_view>

#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

/// NAME-test-summary.json: the object that k6 gives to handleSummary, 2-space indent.
[[nodiscard]] std::string summary_json(const SummaryData& data);

/// What a script's handleSummary() is given: k6's object, to the key; trends have the statistics
/// that summaryTrendStats names and no others.
[[nodiscard]] std::string handle_summary_json(const SummaryData& data);

/// --summary-export: k6's older shape, 4-space indent; there a threshold's `true` means crossed.
[[nodiscard]] std::string summary_export_json(const SummaryData& data);

/// The id k6 gives to groups and checks: the MD5 of the path in lower-case hex.
[[nodiscard]] std::string path_id(std::string_view path);

}  // namespace loader
