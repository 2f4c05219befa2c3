#include "loader/script/source_map.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <utility>

#include "shared/base/base64.h"
#include "shared/base/json.h"
#include "shared/base/json_reader.h"

namespace loader {
namespace {

constexpr std::string_view kComment = "//# sourceMappingURL=data:application/json;base64,";
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kFieldsMax = 5;
constexpr unsigned kDigitBits = 5;
constexpr unsigned kShiftMax = 30;

// A number of variable length, from its lowest five bits on; the lowest of all is the sign.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  for (unsigned shift = 0; shift <= kShiftMax; shift += kDigitBits) {
    const std::size_t digit = text.empty() ? std::string_view::npos : kDigits.find(text.front());
    if (digit == std::string_view::npos) return std::nullopt;
    text.remove_prefix(1);
    number |= static_cast<std::int64_t>(digit & 31) << shift;
    if ((digit & 32) == 0) return (number & 1) != 0 ? -(number >> 1) : number >> 1;
  }
  return std::nullopt;
}

// A segment's one, four or five numbers; how many.
std::optional<std::size_t> take_fields(std::string_view& text,
                                       std::array<std::int64_t, kFieldsMax>& fields) {
  std::size_t count = 0;
  while (!text.empty() && text.front() != ',' && text.front() != ';') {
    const auto number = take_number(text);
    if (!number || count == fields.size()) return std::nullopt;
    fields[count++] = *number;
  }
  return count;
}

std::optional<std::uint32_t> take_count(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number == 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// ":LINE:COLUMN" at the beginning, which is taken off.
std::optional<TextPosition> take_position(std::string_view& text) {
  std::string_view rest = text;
  TextPosition position;
  for (std::uint32_t* const part : {&position.line, &position.column}) {
    if (!rest.starts_with(':')) return std::nullopt;
    rest.remove_prefix(1);
    const auto number = take_count(rest);
    if (!number) return std::nullopt;
    *part = *number;
  }
  text = rest;
  return position;
}

}  // namespace

std::optional<SourceMap> SourceMap::read(std::string_view mappings) {
  SourceMap map;
  std::array<std::int64_t, kFieldsMax> fields{};
  std::uint32_t line = 1;
  std::int64_t column = 0;
  std::int64_t source_line = 0;
  std::int64_t source_column = 0;
  while (!mappings.empty()) {
    const auto count = take_fields(mappings, fields);
    if (!count) return std::nullopt;
    column += *count > 0 ? fields[0] : 0;
    if (*count >= 4) {
      source_line += fields[2];
      source_column += fields[3];
      if (column < 0 || source_line < 0 || source_column < 0) return std::nullopt;
      map.segments_.push_back({{line, static_cast<std::uint32_t>(column + 1)},
                               {static_cast<std::uint32_t>(source_line + 1),
                                static_cast<std::uint32_t>(source_column + 1)}});
    }
    if (mappings.empty()) break;
    if (mappings.front() == ';') {
      ++line;
      column = 0;
    }
    mappings.remove_prefix(1);
  }
  return map;
}

std::optional<SourceMap> SourceMap::take(std::string& text) {
  const std::size_t begin = text.rfind(kComment);
  if (begin == std::string::npos) return std::nullopt;
  std::string_view encoded = std::string_view(text).substr(begin + kComment.size());
  encoded = encoded.substr(0, encoded.find('\n'));
  const auto bytes = lab::base64_decoded(encoded, lab::Base64::standard);
  if (!bytes) return std::nullopt;
  const auto json = lab::parse_json(*bytes, "source map");
  if (!json || !json->is_object()) return std::nullopt;
  const auto mappings = json->find("mappings");
  if (mappings == json->end() || !mappings->is_string()) return std::nullopt;
  auto map = read(mappings->get_ref<const std::string&>());
  if (map) text.resize(begin);
  return map;
}

std::optional<TextPosition> SourceMap::find(TextPosition position) const {
  const auto key = [](TextPosition p) { return std::make_tuple(p.line, p.column); };
  const auto after = std::upper_bound(
      segments_.begin(), segments_.end(), position,
      [&key](TextPosition p, const Segment& segment) { return key(p) < key(segment.from); });
  if (after == segments_.begin() || std::prev(after)->from.line != position.line) {
    return std::nullopt;
  }
  return std::prev(after)->to;
}

std::string with_source_positions(std::string_view text, std::string_view url,
                                  const SourceMap& map) {
  std::string made;
  std::string_view rest = text;
  for (std::size_t at = rest.find(url); at != std::string_view::npos; at = rest.find(url)) {
    made += rest.substr(0, at + url.size());
    rest.remove_prefix(at + url.size());
    const std::string_view before = rest;
    const auto position = take_position(rest);
    if (!position) continue;
    if (const auto source = map.find(*position)) {
      made += ':' + std::to_string(source->line) + ':' + std::to_string(source->column);
    } else {
      made += before.substr(0, before.size() - rest.size());
    }
  }
  return made += rest;
}

}  // namespace loader
