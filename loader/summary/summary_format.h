// Numbers as k6's summary shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "loader/metrics/metric.h"

namespace loader {

/// Exactly so many decimals: "0.50".
[[nodiscard]] std::string format_fixed(double value, int decimals);
/// Up to six decimals, no trailing zeros: "0.5", "1234", "6.56109".
[[nodiscard]] std::string format_plain(double value);
/// Three digits that count: "0.123", "12.3", "1234".
[[nodiscard]] std::string format_short(double value);
/// Decimal units, one digit after the point below ten: "718 B", "4.9 kB", "76 kB".
[[nodiscard]] std::string format_bytes(double bytes);
/// Milliseconds with the unit that fits, two decimals truncated: "350ns", "12.34µs", "1.23s",
/// "1m30s", "2h0m5s". With `unit` "s", "ms" or "us" always that unit and two decimals: "0.01s".
[[nodiscard]] std::string format_milliseconds(double ms, std::string_view unit);
/// A share of 1 in percent, truncated, so that 99.999 % never reads as 100 %: "12.34%".
[[nodiscard]] std::string format_share(double share);
/// A value of a metric that is not a rate.
[[nodiscard]] std::string format_value(double value, ValueKind kind, std::string_view time_unit);

/// What a threshold looked at: a metric's `aggregation` ("p(95)", "rate") with its unit.
[[nodiscard]] std::string format_observed(double value, std::string_view aggregation,
                                          MetricType type, ValueKind kind,
                                          std::string_view time_unit);

/// Columns that a UTF-8 text takes, one for each code point.
[[nodiscard]] std::size_t text_width(std::string_view text);
/// The text with control characters replaced, so that what a server sent can't steer the terminal
/// or turn the words around it.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace loader
