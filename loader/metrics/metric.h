// What a metric is: its type, what its values mean, and the small index it is known by while a run
// goes on.
#pragma once

#include <cstdint>
#include <string_view>

namespace loader {

/// How samples are put together; decides which aggregations a threshold may ask for.
enum class MetricType : std::uint8_t {
  counter,  ///< Sum of the samples, and that per second.
  gauge,    ///< The last sample, the smallest and the largest.
  rate,     ///< The share of samples that are not zero.
  trend,    ///< A distribution: mean, extremes, percentiles.
};

/// What a value is, so that it can be shown with its unit.
enum class ValueKind : std::uint8_t {
  plain,  ///< A number ("default" in k6's files).
  time,   ///< Milliseconds.
  data,   ///< Bytes.
};

/// An index into a MetricRegistry; metrics and sub-metrics have one each.
struct MetricId {
  std::uint16_t index = 0;
  friend constexpr bool operator==(MetricId, MetricId) = default;
};

/// "counter", "gauge", "rate", "trend".
[[nodiscard]] std::string_view to_string(MetricType type);
/// k6's words: "default", "time", "data".
[[nodiscard]] std::string_view to_string(ValueKind kind);

}  // namespace loader
