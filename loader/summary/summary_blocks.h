// Which metrics a summary shows, and under which heading.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "loader/summary/summary_data.h"
#include "loader/summary/summary_format.h"

namespace loader {

enum class SummaryMode {
  compact,  ///< Without the phases of http_req_duration.
  full,     ///< All metrics, and those of each group and scenario by themselves.
};

enum class SummaryBlock { custom, llm, http, execution, network, none };

/// In the order in which they are shown, with their headings.
inline constexpr std::array<std::pair<SummaryBlock, std::string_view>, 5> kSummaryBlocks{{
    {SummaryBlock::custom, "CUSTOM"},
    {SummaryBlock::llm, "LLM"},
    {SummaryBlock::http, "HTTP"},
    {SummaryBlock::execution, "EXECUTION"},
    {SummaryBlock::network, "NETWORK"},
}};

/// `none` for what is not shown in this mode, and for `checks`, which have lines of their own.
[[nodiscard]] SummaryBlock block_of(const SummaryMetric& metric, SummaryMode mode);

/// "http_req_duration" of "http_req_duration{status:200}".
[[nodiscard]] std::string_view parent_name(const SummaryMetric& metric);
[[nodiscard]] bool is_submetric(const SummaryMetric& metric);

/// The values of a metric, with units: a trend's statistics as data.trend_stats names them; else a
/// value and what explains it. "no data" without samples.
[[nodiscard]] std::vector<std::string> metric_columns(const SummaryMetric& metric,
                                                      const SummaryData& data,
                                                      Rounding rounding = Rounding::nearest);

}  // namespace loader
