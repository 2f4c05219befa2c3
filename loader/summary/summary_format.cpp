#include "loader/summary/summary_format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

namespace loader {
namespace {

// What a value is shown as that there is not.
constexpr std::string_view kNone = "–";

// Of what is no finite number; Go's words, and so k6's, for sums that are beyond all numbers.
std::optional<std::string> without_digits(double value) {
  if (std::isfinite(value)) return std::nullopt;
  if (std::isnan(value)) return std::string(kNone);
  return value > 0 ? "+Inf" : "-Inf";
}

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string cut_to(double value, int decimals, Rounding rounding) {
  const double scale = decimals == 2 ? 100 : 1;
  const double kept = rounding == Rounding::truncated ? std::trunc(value * scale) / scale : value;
  return without_trailing_zeros(format_fixed(kept, decimals));
}

// To the last digit that is shown, before a unit is chosen: 999.996 ms is "1s".
double rounded_milliseconds(double ms) {
  const double step = ms < 0.001     ? 1e-6
                      : ms < 1       ? 1e-5
                      : ms < 1000    ? 0.01
                      : ms <= 60'000 ? 10
                                     : 1000;
  return std::round(ms / step) * step;
}

std::string positive_milliseconds(double ms, Rounding rounding) {
  if (rounding == Rounding::nearest) ms = rounded_milliseconds(ms);
  const auto text = [rounding](double value, int decimals) {
    return cut_to(value, decimals, rounding);
  };
  if (ms == 0) return "0s";
  if (ms < 0.001) return text(ms * 1e6, 0) + "ns";
  if (ms < 1) return text(ms * 1e3, 2) + "µs";
  if (ms < 1000) return text(ms, 2) + "ms";
  const std::string seconds = text(std::fmod(ms, 60'000) / 1000, ms > 60'000 ? 0 : 2) + "s";
  const double minutes = std::trunc(ms / 60'000);
  if (minutes < 1) return seconds;
  const std::string with_minutes = format_fixed(std::fmod(minutes, 60), 0) + "m" + seconds;
  const double hours = std::trunc(minutes / 60);
  return hours < 1 ? with_minutes : format_fixed(hours, 0) + "h" + with_minutes;
}

// Marks that turn the direction of all text behind them, a report's own words too (Unicode Standard
// Annex #9, "Explicit Directional Formatting").
bool turns_direction(unsigned code) {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

// How many bytes the UTF-8 character in front has; 0 if it is none, a control character, one that
// turns the text's direction, or one of the two that no XML may hold (U+FFFE and U+FFFF).
std::size_t printable_character(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  unsigned code = lead & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr unsigned kLeast[]{0, 0, 0x80, 0x800, 0x10000};
  const bool is_text = code >= kLeast[length] && code <= 0x10ffff && code >= 0xa0 &&
                       (code < 0xd800 || code > 0xdfff) && code != 0xfffe && code != 0xffff &&
                       !turns_direction(code);
  return is_text && lead >= 0xc2 && lead <= 0xf4 ? length : 0;
}

}  // namespace

std::string format_fixed(double value, int decimals) {
  // The longest double in this form has 309 digits before the point.
  std::array<char, 330> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string format_plain(double value) {
  if (auto text = without_digits(value)) return *std::move(text);
  return without_trailing_zeros(format_fixed(value, 6));
}

std::string format_short(double value) {
  if (auto text = without_digits(value)) return *std::move(text);
  const double size = std::abs(value);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return without_trailing_zeros(format_fixed(value, decimals));
}

std::string format_bytes(double bytes) {
  if (auto text = without_digits(bytes)) return *std::move(text);
  constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  if (bytes < 10) return format_plain(bytes) + " B";
  std::size_t unit = 0;
  double scaled = bytes;
  for (; scaled >= 1000 && unit + 1 < kUnits.size(); ++unit) scaled /= 1000;
  const double rounded = std::floor(scaled * 10 + 0.5) / 10;
  return format_fixed(rounded, rounded < 10 ? 1 : 0) + " " + kUnits[unit];
}

std::string format_milliseconds(double ms, ValueStyle style) {
  if (auto text = without_digits(ms)) return *std::move(text);
  if (style.time_unit == "s") return format_fixed(ms / 1000, 2) + "s";
  if (style.time_unit == "ms") return format_fixed(ms, 2) + "ms";
  if (style.time_unit == "us") {
    return without_digits(ms * 1000).value_or(format_fixed(ms * 1000, 2) + "µs");
  }
  return ms < 0 ? "-" + positive_milliseconds(-ms, style.rounding)
                : positive_milliseconds(ms, style.rounding);
}

std::string format_share(double share, Rounding rounding) {
  if (auto text = without_digits(share)) return *std::move(text);
  const double hundredths = share * 100 * 100;
  double kept = rounding == Rounding::truncated ? std::trunc(hundredths) : std::round(hundredths);
  if (share < 1) kept = std::min(kept, 9999.0);
  return format_fixed(kept / 100, 2) + "%";
}

std::string format_value(double value, ValueKind kind, ValueStyle style) {
  switch (kind) {
    case ValueKind::plain:
      return format_plain(value);
    case ValueKind::time:
      return format_milliseconds(value, style);
    case ValueKind::data:
      return format_bytes(value);
  }
  return {};
}

std::string format_observed(double value, std::string_view aggregation, MetricType type,
                            ValueKind kind, ValueStyle style) {
  if (type == MetricType::rate) return format_share(value, style.rounding);
  std::string text = format_value(value, kind, style);
  if (type == MetricType::counter && aggregation == "rate") text += "/s";
  return text;
}

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = printable_character(text);
    if (length == 0) {
      const bool is_space = text[0] == '\n' || text[0] == '\r' || text[0] == '\t';
      out += is_space ? ' ' : '?';
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace loader
