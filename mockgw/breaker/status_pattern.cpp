#include "mockgw/breaker/status_pattern.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "shared/base/json.h"
#include "shared/base/json_reader.h"
#include "shared/base/schema_printer.h"

namespace mockgw {
namespace {

std::optional<unsigned> to_status(std::string_view text) {
  unsigned status = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, status);
  if (error != std::errc() || stop != end || status < 100 || status > 599) return std::nullopt;
  return status;
}

std::optional<StatusPattern> parse_pattern(std::string_view text) {
  if (text.size() == 3 && text.ends_with("xx")) {
    const auto low = to_status(std::string{text.front(), '0', '0'});
    if (!low) return std::nullopt;
    return StatusPattern{*low, *low + 99};
  }
  const std::size_t dash = text.find('-');
  const auto low = to_status(text.substr(0, dash));
  const auto high = dash == text.npos ? low : to_status(text.substr(dash + 1));
  if (!low || !high || *low > *high) return std::nullopt;
  return StatusPattern{*low, *high};
}

std::string to_text(const StatusPattern& pattern) {
  const std::string low = std::to_string(pattern.low);
  if (pattern.low == pattern.high) return low;
  if (pattern.low % 100 == 0 && pattern.high == pattern.low + 99) return low.substr(0, 1) + "xx";
  return low + "-" + std::to_string(pattern.high);
}

}  // namespace

bool matches(const std::vector<StatusPattern>& patterns, unsigned status) {
  return std::ranges::any_of(patterns, [status](const StatusPattern& pattern) {
    return status >= pattern.low && status <= pattern.high;
  });
}

void StatusPatternType::read(const lab::JsonValue& value, void* member) const {
  const bool is_number = value.json().is_number_integer();
  const std::string text = is_number ? value.json().dump() : value.as_string();
  if (const auto pattern = parse_pattern(text)) {
    *static_cast<StatusPattern*>(member) = *pattern;
  } else {
    value.problem("write a status (429), a class (\"5xx\") or a range (\"501-599\")");
  }
}

lab::Json StatusPatternType::write(const void* member) const {
  return to_text(*static_cast<const StatusPattern*>(member));
}

lab::Json StatusPatternType::schema(lab::SchemaPrinter& printer, const void* /*member*/) const {
  return printer.named("status", [] {
    return lab::Json{
        {"description", "A status (429), a class (\"5xx\") or a range (\"501-599\")."},
        {"anyOf",
         {{{"type", "integer"}, {"minimum", 100}, {"maximum", 599}},
          {{"type", "string"}, {"pattern", "^([1-5]xx|[1-5][0-9]{2}(-[1-5][0-9]{2})?)$"}}}}};
  });
}

}  // namespace mockgw
