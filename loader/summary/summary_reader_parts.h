// The sections of a summary file, each read where there is one. Problems go to the values' own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loader/summary/summary_data.h"
#include "shared/base/json_reader.h"
#include "shared/base/time.h"

namespace loader {

/// 0 where there is none.
[[nodiscard]] std::uint64_t count_of(lab::JsonObject& json, std::string_view key);
[[nodiscard]] lab::Duration milliseconds_of(lab::JsonObject& json, std::string_view key);
[[nodiscard]] SummaryMetric metric_of(const std::string& name, lab::JsonObject json);
[[nodiscard]] SummaryCheck check_of(lab::JsonObject json);
[[nodiscard]] SelfDoubt doubt_of(lab::JsonObject json);
/// The whole file.
[[nodiscard]] SummaryData read_summary_parts(lab::JsonObject json);

}  // namespace loader
