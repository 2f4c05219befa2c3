#include "mockgw/profiles/cors.h"

#include "mockgw/limits/header_text.h"

namespace mockgw {
namespace {

constexpr std::int64_t kMaxAgeSecondsMax = 86'400;  // What browsers take at most.
constexpr std::int64_t kStatusMin = 200;
constexpr std::int64_t kStatusMax = 299;  // Otherwise browsers take it for a refusal.

std::string read_field(lab::JsonObject& section, const char* name, std::string fallback) {
  const auto value = section.find(name);
  if (!value) return fallback;
  std::string text = value->as_string(std::move(fallback));
  std::string problem = header_problem("x", text);
  if (!problem.empty()) value->problem(std::move(problem));
  return text;
}

}  // namespace

Cors read_cors(lab::JsonObject section, Cors cors) {
  cors.allow_origin = read_field(section, "allow_origin", cors.allow_origin);
  cors.allow_methods = read_field(section, "allow_methods", cors.allow_methods);
  cors.allow_headers = read_field(section, "allow_headers", cors.allow_headers);
  cors.vary = read_field(section, "vary", cors.vary);
  cors.max_age_seconds =
      section.integer("max_age_seconds", cors.max_age_seconds, 0, kMaxAgeSecondsMax);
  cors.status = static_cast<unsigned>(
      section.integer("status", static_cast<std::int64_t>(cors.status), kStatusMin, kStatusMax));
  cors.body = section.string("body", cors.body);
  section.finish();
  return cors;
}

bool is_preflight(std::string_view method, const lab::HttpHeaders& headers) {
  return method == "OPTIONS" && headers.find("origin") &&
         headers.find("access-control-request-method");
}

HeaderFields preflight_headers(const Cors& cors, const lab::HttpHeaders& headers) {
  HeaderFields fields{{"access-control-allow-origin", cors.allow_origin}};
  if (!cors.allow_methods.empty()) {
    fields.emplace_back("access-control-allow-methods", cors.allow_methods);
  }
  const auto asked = headers.find("access-control-request-headers");
  if (!cors.allow_headers.empty()) {
    fields.emplace_back("access-control-allow-headers", cors.allow_headers);
  } else if (asked) {
    fields.emplace_back("access-control-allow-headers", *asked);
  }
  fields.emplace_back("access-control-max-age", std::to_string(cors.max_age_seconds));
  if (!cors.vary.empty()) fields.emplace_back("vary", cors.vary);
  if (!cors.body.empty()) fields.emplace_back("content-type", "text/plain; charset=utf-8");
  return fields;
}

void add_cors_headers(const Cors& cors, lab::HttpHeaders& answer) {
  answer.set("access-control-allow-origin", cors.allow_origin);
  if (!cors.vary.empty()) answer.set("vary", cors.vary);
}

}  // namespace mockgw
