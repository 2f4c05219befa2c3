#include "mockgw/chat/schema_scalars.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mockgw/chat/pattern_text.h"
#include "mockgw/chat/vocabulary.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

constexpr std::size_t kStringBytesMax = 4096;
constexpr std::size_t kCountMax = 1'000'000;
// How far a range reaches whose other end the schema leaves open.
constexpr double kOpenRange = 100;
// Beyond 2^53 not every integer is a double.
constexpr double kIntegerMax = 0x1.0p53;

std::string_view word(lab::Rng& rng) { return kWords[rng.below(kWords.size())].substr(1); }

std::string padded(std::uint64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string date(lab::Rng& rng) {
  std::string text = padded(2000 + rng.below(50), 4);
  text += "-" + padded(1 + rng.below(12), 2);
  return text + "-" + padded(1 + rng.below(28), 2);
}

std::string time_of_day(lab::Rng& rng) {
  std::string text = padded(rng.below(24), 2);
  text += ":" + padded(rng.below(60), 2);
  return text + ":" + padded(rng.below(60), 2) + "Z";
}

// Version 4, RFC 9562.
std::string uuid(lab::Rng& rng) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
  for (char& c : text) {
    if (c == 'x') c = kHex[rng.below(kHex.size())];
  }
  return text;
}

// Empty for a format that is not known, which then asks for nothing.
std::string formatted(std::string_view format, lab::Rng& rng) {
  if (format == "date") return date(rng);
  if (format == "time") return time_of_day(rng);
  if (format == "date-time") {
    std::string text = date(rng);
    return text.append("T").append(time_of_day(rng));
  }
  if (format == "duration") return "PT" + std::to_string(1 + rng.below(600)) + "M";
  if (format == "uuid") return uuid(rng);
  const std::string name(word(rng));
  if (format == "email" || format == "idn-email") return name + "@example.com";
  if (format == "hostname" || format == "idn-hostname") return name + ".example.com";
  if (format == "uri" || format == "iri") return "https://example.com/" + name;
  if (format == "uri-reference" || format == "iri-reference") return "/" + name;
  if (format == "ipv4") return "192.0.2." + std::to_string(rng.below(256));
  if (format == "ipv6") return "2001:db8::" + std::to_string(1 + rng.below(9999));
  return {};
}

std::string words(std::size_t bytes_min, std::size_t bytes_max, lab::Rng& rng) {
  std::string text;
  for (std::uint64_t left = 1 + rng.below(4); left > 0 || text.size() < bytes_min;) {
    if (!text.empty()) text += ' ';
    text += word(rng);
    if (left > 0) --left;
  }
  if (text.size() > bytes_max) text.resize(bytes_max);
  if (!text.empty() && text.back() == ' ') text.back() = 's';
  return text;
}

std::optional<double> number_in(const SchemaView& schema, std::string_view key) {
  const Json* value = schema.find(key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

struct Range {
  double low = 0;
  double high = 0;
};

Range closed(std::optional<double> low, std::optional<double> high) {
  if (!low && !high) return {0, kOpenRange};
  if (!high) return {*low, *low + kOpenRange};
  if (!low) return {*high - kOpenRange, *high};
  return {*low, std::max(*low, *high)};
}

// The tighter of two bounds, each of which may be missing.
std::optional<double> tighter(std::optional<double> a, std::optional<double> b, bool greater) {
  if (!a || !b) return a ? a : b;
  return greater ? std::max(*a, *b) : std::min(*a, *b);
}

Range integers_of(const SchemaView& schema) {
  auto low = number_in(schema, "minimum");
  auto high = number_in(schema, "maximum");
  if (low) low = std::ceil(*low);
  if (high) high = std::floor(*high);
  auto above = number_in(schema, "exclusiveMinimum");
  auto below = number_in(schema, "exclusiveMaximum");
  if (above) above = std::floor(*above) + 1;
  if (below) below = std::ceil(*below) - 1;
  const Range range = closed(tighter(low, above, true), tighter(high, below, false));
  return {std::clamp(range.low, -kIntegerMax, kIntegerMax),
          std::clamp(range.high, -kIntegerMax, kIntegerMax)};
}

// One of the whole numbers from low to high.
double draw_whole(double low, double high, lab::Rng& rng) {
  const double count = std::clamp(high - low + 1, 1.0, 2 * kIntegerMax);
  return low + static_cast<double>(rng.below(static_cast<std::uint64_t>(count)));
}

double draw_multiple(const Range& range, double step, lab::Rng& rng) {
  return draw_whole(std::ceil(range.low / step), std::floor(range.high / step), rng) * step;
}

}  // namespace

std::size_t count_in_schema(const SchemaView& schema, std::string_view key, std::size_t fallback) {
  const auto value = number_in(schema, key);
  if (!value || *value < 0) return fallback;
  return static_cast<std::size_t>(std::min(*value, static_cast<double>(kCountMax)));
}

std::string string_for_schema(const SchemaView& schema, lab::Rng& rng) {
  const std::size_t min = std::min(count_in_schema(schema, "minLength", 0), kStringBytesMax);
  const std::size_t max = count_in_schema(schema, "maxLength", kStringBytesMax);
  const Json* pattern = schema.find("pattern");
  if (pattern && pattern->is_string()) {
    const TextBounds bounds{min, std::max(min, std::min(max, kStringBytesMax))};
    auto text = text_for_pattern(pattern->get_ref<const std::string&>(), bounds, rng);
    if (text) return *std::move(text);
  }
  const Json* format = schema.find("format");
  if (format && format->is_string()) {
    std::string text = formatted(format->get_ref<const std::string&>(), rng);
    if (!text.empty() && text.size() >= min && text.size() <= max) return text;
  }
  return words(min, max, rng);
}

Json integer_for_schema(const SchemaView& schema, lab::Rng& rng) {
  const Range range = integers_of(schema);
  const auto step = number_in(schema, "multipleOf");
  const bool has_step = step && *step >= 1 && *step == std::floor(*step);
  const double value =
      has_step ? draw_multiple(range, *step, rng) : draw_whole(range.low, range.high, rng);
  return static_cast<std::int64_t>(std::clamp(value, -kIntegerMax, kIntegerMax));
}

Json number_for_schema(const SchemaView& schema, lab::Rng& rng) {
  const auto above = number_in(schema, "exclusiveMinimum");
  const auto below = number_in(schema, "exclusiveMaximum");
  const Range range = closed(tighter(number_in(schema, "minimum"), above, true),
                             tighter(number_in(schema, "maximum"), below, false));
  const auto fits = [&](double value) {
    return value >= range.low && value <= range.high && (!above || value > *above) &&
           (!below || value < *below);
  };
  const auto step = number_in(schema, "multipleOf");
  // Of a step so small every double of the range is a multiple, as far as doubles can tell.
  const bool has_step = step && *step > 0 && std::abs(range.low / *step) <= kIntegerMax &&
                        std::abs(range.high / *step) <= kIntegerMax;
  const double multiple = has_step ? draw_multiple(range, *step, rng) : range.low;
  if (has_step && std::isfinite(multiple)) return multiple;
  const double share = rng.uniform01();
  const double drawn = range.low * (1 - share) + range.high * share;
  const double rounded = std::round(drawn * 100) / 100;
  if (fits(rounded)) return rounded;
  return fits(drawn) ? drawn : range.low / 2 + range.high / 2;
}

}  // namespace mockgw
