#include "loader/flow/step_reader.h"

#include <algorithm>
#include <charconv>

#include "loader/http/header_rules.h"
#include "loader/http/url.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

constexpr std::int64_t kStatusMax = 599;

std::string method_problem(const std::string& text) {
  const bool is_method = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '-';
  });
  return is_method ? "" : "must be a method such as GET";
}

// A text as it is; anything else as JSON, which then is what the request says it is.
const lab::ReadType<HttpStep> kHttpBody(
    [](const lab::JsonValue& value, HttpStep& http) {
      const bool is_text = value.json().is_string();
      http.body = is_text ? value.as_string() : value.json().dump();
      const bool has_type = std::any_of(
          http.headers.begin(), http.headers.end(),
          [](const auto& header) { return lab::equals_ignore_case(header.first, "Content-Type"); });
      if (!is_text && !has_type) http.headers.emplace_back("Content-Type", "application/json");
    },
    [](lab::SchemaPrinter& /*printer*/) { return lab::Json::object(); });

std::optional<StatusRange> parse_status_range(std::string_view text) {
  StatusRange range;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto last = std::from_chars(first.ptr + 1, end, range.last);
  if (last.ec != std::errc{} || last.ptr != end) return std::nullopt;
  if (range.first < 100 || range.last < range.first || range.last > kStatusMax) return std::nullopt;
  return range;
}

}  // namespace

std::string field_problem(std::string_view name, std::string_view text) {
  if (auto problem = header_name_problem(name)) return *std::move(problem);
  auto problem = header_value_problem(text);
  if (!problem && lab::equals_ignore_case(name, "Host")) problem = host_value_problem(text);
  return problem.value_or("");
}

std::string path_problem(const std::string& path) {
  const auto url = join_url(Url{.host = "gateway"}, path);
  return url.has_error() ? url.error().what : std::string();
}

void fields(lab::Fields& f, HttpStep& c) {
  f("method", c.method, lab::TextRules{.problem = method_problem, .pattern = "^[A-Z-]+$"},
    "Of the request.");
  f.require("path", c.path, kPath,
            lab::Says("Of the request, or a whole URL.").such_as(R"("/health")"));
  f("headers", c.headers, kHeaders, "Header fields by name.");
  f("body", c, kHttpBody, lab::Says("A text as it is, or anything else as JSON.").such_as("{}"));
}

HttpStep read_http(const lab::JsonValue& value) {
  HttpStep http;
  lab::read_fields(value, http);
  return http;
}

const lab::ValueType& status_ranges_type() {
  static const lab::ReadType<StatusRange> kRange(
      [](const lab::JsonValue& value, StatusRange& range) {
        if (!value.json().is_string()) {
          range.first = range.last = static_cast<unsigned>(value.as_integer(100, kStatusMax, 200));
          return;
        }
        const auto parsed = parse_status_range(value.as_string());
        if (!parsed) value.problem("must be a status such as 404, or a range such as \"200-399\"");
        range = parsed.value_or(StatusRange{});
      },
      [](lab::SchemaPrinter& /*printer*/) {
        return lab::Json{
            {"anyOf",
             {{{"type", "integer"}, {"minimum", 100}, {"maximum", kStatusMax}},
              {{"type", "string"}, {"pattern", "^[1-5][0-9][0-9]-[1-5][0-9][0-9]$"}}}}};
      });
  static const lab::ListOf<StatusRange, lab::ReadType<StatusRange>> kType(
      kRange, {.min = 1, .too_few = "must have at least one status"});
  return kType;
}

}  // namespace loader
