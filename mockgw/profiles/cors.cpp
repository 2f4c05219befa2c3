#include "mockgw/profiles/cors.h"

#include "mockgw/base/header_text.h"
#include "shared/base/fields.h"

namespace mockgw {
namespace {

constexpr double kMaxAgeSecondsMax = 86'400;  // What browsers take at most.
constexpr double kStatusMin = 200;
constexpr double kStatusMax = 299;  // Otherwise browsers take it for a refusal.

std::string field_problem(const std::string& text) { return header_problem("x", text); }
constexpr lab::TextRules kField{.problem = field_problem};

}  // namespace

void fields(lab::Fields& f, Cors& c) {
  f("allow_origin", c.allow_origin, kField, "On every answer to a page.");
  f("allow_methods", c.allow_methods, kField, "Of a preflight.");
  f("allow_headers", c.allow_headers, kField, "Of a preflight; empty for those it asks for.");
  f("vary", c.vary, kField, "On every answer to a page; empty for none.");
  f("max_age_seconds", c.max_age_seconds, lab::between(0, kMaxAgeSecondsMax), "Of a preflight.");
  f("status", c.status, lab::between(kStatusMin, kStatusMax), "Of a preflight.");
  f("body", c.body, "Of a preflight.");
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
