// Numbers as reports show them, and as k6's summary does, which cuts digits off.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "loader/metrics/metric.h"

namespace loader {

enum class Rounding : std::uint8_t { nearest, truncated };

/// How values with a unit are written. A time unit alone is enough: "", "s", "ms" or "us".
struct ValueStyle {
  template <class Text>
    requires std::convertible_to<Text, std::string_view>
  // NOLINTNEXTLINE(google-explicit-constructor): only k6's text has a rounding of its own.
  ValueStyle(const Text& unit, Rounding how = Rounding::nearest) : time_unit(unit), rounding(how) {}
  std::string_view time_unit;
  Rounding rounding;
};

/// Exactly so many decimals: "0.50".
[[nodiscard]] std::string format_fixed(double value, int decimals);
/// Up to six decimals, no trailing zeros: "0.5", "1234", "6.56109".
[[nodiscard]] std::string format_plain(double value);
/// Three digits that count: "0.123", "12.3", "1234".
[[nodiscard]] std::string format_short(double value);
/// Decimal units, one digit after the point below ten: "718 B", "4.9 kB", "76 kB".
[[nodiscard]] std::string format_bytes(double bytes);
/// Milliseconds with the unit that fits, up to two decimals: "350ns", "12.34µs", "1.23s", "1m30s",
/// "2h0m5s". With a unit "s", "ms" or "us" always that unit and two decimals, rounded: "0.01s".
[[nodiscard]] std::string format_milliseconds(double ms, ValueStyle style);
/// A share of 1 in percent, "12.34%". 99.999 % never reads as 100 %.
[[nodiscard]] std::string format_share(double share, Rounding rounding = Rounding::nearest);
/// A value of a metric that is not a rate.
[[nodiscard]] std::string format_value(double value, ValueKind kind, ValueStyle style);

/// What a threshold looked at: a metric's `aggregation` ("p(95)", "rate") with its unit.
[[nodiscard]] std::string format_observed(double value, std::string_view aggregation,
                                          MetricType type, ValueKind kind, ValueStyle style);

/// Columns that a UTF-8 text takes, one for each code point.
[[nodiscard]] std::size_t text_width(std::string_view text);
/// The text with control characters replaced, so that what a server sent can't steer the terminal
/// or turn the words around it.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace loader
