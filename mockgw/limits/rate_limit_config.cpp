#include "mockgw/limits/rate_limit_config.h"

#include "mockgw/limits/choices.h"

#include <algorithm>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using Headers = RateLimitHeaderOptions;
using Rule = RateLimitRule;

constexpr Choices<Headers::Style, 7> kStyles{{
    {"single", Headers::Style::single},
    {"single_with_tokens", Headers::Style::single_with_tokens},
    {"openai", Headers::Style::openai},
    {"ietf_draft", Headers::Style::ietf_draft},
    {"kong", Headers::Style::kong},
    {"litellm", Headers::Style::litellm},
    {"none", Headers::Style::none},
}};
constexpr Choices<Headers::Reset, 4> kResets{{
    {"constant", Headers::Reset::constant},
    {"delta_seconds", Headers::Reset::delta_seconds},
    {"duration_string", Headers::Reset::duration_string},
    {"unix", Headers::Reset::unix_time},
}};
constexpr Choices<Headers::RetryAfter, 5> kRetryAfters{{
    {"ceil", Headers::RetryAfter::ceil},
    {"floor", Headers::RetryAfter::floor},
    {"window", Headers::RetryAfter::window},
    {"ms", Headers::RetryAfter::ms},
    {"none", Headers::RetryAfter::none},
}};
constexpr Choices<Rule::KeyPart, 6> kKeyParts{{
    {"api_key", Rule::KeyPart::api_key},
    {"model", Rule::KeyPart::model},
    {"tenant", Rule::KeyPart::tenant},
    {"user", Rule::KeyPart::user},
    {"ip", Rule::KeyPart::ip},
    {"global", Rule::KeyPart::global},
}};
constexpr Choices<RateLimitAlgorithm, 5> kAlgorithms{{
    {"token_bucket", RateLimitAlgorithm::token_bucket},
    {"fixed_window", RateLimitAlgorithm::fixed_window},
    {"sliding_window_log", RateLimitAlgorithm::sliding_window_log},
    {"sliding_window_counter", RateLimitAlgorithm::sliding_window_counter},
    {"gcra", RateLimitAlgorithm::gcra},
}};
constexpr Choices<Rule::Anchor, 2> kAnchors{{
    {"calendar", Rule::Anchor::calendar},
    {"first_request", Rule::Anchor::first_request},
}};
constexpr Choices<Rule::TokenCharge, 4> kTokenCharges{{
    {"none", Rule::TokenCharge::none},
    {"admit_max_tokens", Rule::TokenCharge::admit_max_tokens},
    {"admit_estimate", Rule::TokenCharge::admit_estimate},
    {"on_completion", Rule::TokenCharge::on_completion},
}};

constexpr std::int64_t kAmountMax = 1'000'000'000'000;
constexpr std::int64_t kKeyPrefixMax = 256;
constexpr double kBurstMax = 1000;
constexpr lab::Duration kWindowMax = std::chrono::hours(24 * 366);

Rule::KeyPart read_key_part(const lab::JsonValue& value) {
  return choose(value, kKeyParts, Rule::KeyPart::api_key);
}

// A single word is a list of one.
std::vector<Rule::KeyPart> read_key_by(const lab::JsonValue& value) {
  if (value.json().is_string()) return {read_key_part(value)};
  std::vector<Rule::KeyPart> parts;
  for (const lab::JsonValue& element : value.as_array()) parts.push_back(read_key_part(element));
  if (parts.empty())
    value.problem("must name at least one of api_key, model, tenant, user, ip, global");
  return parts;
}

Rule read_rule(lab::JsonObject object, std::size_t number) {
  Rule rule;
  rule.name = object.string("name", "rule-" + std::to_string(number));
  if (const auto key_by = object.find("key_by")) rule.key_by = read_key_by(*key_by);
  rule.algorithm = choose(object, "algorithm", kAlgorithms, rule.algorithm);
  rule.anchor = choose(object, "window_anchor", kAnchors, rule.anchor);
  rule.window = object.duration("window", rule.window);
  rule.requests = object.integer("requests", 0, 0, kAmountMax);
  rule.tokens = object.integer("tokens", 0, 0, kAmountMax);
  rule.burst = object.number("burst", rule.burst, 0, kBurstMax);
  rule.max_parallel = object.integer("max_parallel", 0, 0, kAmountMax);
  rule.token_charge = choose(object, "token_charge", kTokenCharges, rule.token_charge);
  rule.refund_unused = object.boolean("refund_unused", false);
  rule.count_rejected = object.boolean("count_rejected", false);
  rule.key_prefix_length =
      static_cast<std::size_t>(object.integer("key_prefix_length", 0, 0, kKeyPrefixMax));
  object.finish();

  if (rule.window <= lab::Duration::zero() || rule.window > kWindowMax) {
    object.value().problem("window must be longer than 0 and at most 366 days");
    rule.window = std::chrono::minutes(1);
  }
  if (rule.requests == 0 && rule.tokens == 0 && rule.max_parallel == 0) {
    object.value().problem("limits nothing; give at least one of requests, tokens, max_parallel");
  }
  if (rule.tokens > 0 && rule.requests == 0 && rule.max_parallel == 0 &&
      rule.token_charge == Rule::TokenCharge::none) {
    object.value().problem("limits nothing: tokens are not counted with token_charge \"none\"");
  }
  if (rule.burst * static_cast<double>(std::max(rule.requests, rule.tokens)) < 1 &&
      (rule.requests > 0 || rule.tokens > 0)) {
    object.value().problem("burst leaves a capacity below 1, so nothing would ever be admitted");
  }
  return rule;
}

std::vector<Rule> read_rules(const lab::JsonValue& list) {
  std::vector<Rule> rules;
  for (const lab::JsonValue& element : list.as_array()) {
    if (rules.size() == kRateLimitRulesMax) {
      list.problem("at most " + std::to_string(kRateLimitRulesMax) + " rules are allowed");
      break;
    }
    Rule rule = read_rule(element.as_object(), rules.size() + 1);
    const bool is_taken = std::ranges::find(rules, rule.name, &Rule::name) != rules.end();
    if (is_taken) element.problem("the name \"" + rule.name + "\" is taken by an earlier rule");
    rules.push_back(std::move(rule));
  }
  return rules;
}

lab::Json to_json(const Rule& rule) {
  lab::Json key_by = lab::Json::array();
  for (const Rule::KeyPart part : rule.key_by) key_by.push_back(name_of(kKeyParts, part));
  return {{"name", rule.name},
          {"key_by", std::move(key_by)},
          {"algorithm", name_of(kAlgorithms, rule.algorithm)},
          {"window_anchor", name_of(kAnchors, rule.anchor)},
          {"window", lab::format_duration(rule.window)},
          {"requests", rule.requests},
          {"tokens", rule.tokens},
          {"burst", rule.burst},
          {"max_parallel", rule.max_parallel},
          {"token_charge", name_of(kTokenCharges, rule.token_charge)},
          {"refund_unused", rule.refund_unused},
          {"count_rejected", rule.count_rejected},
          {"key_prefix_length", rule.key_prefix_length}};
}

}  // namespace

RateLimitConfig read_rate_limits(const lab::JsonValue& section, const Headers& defaults) {
  RateLimitConfig config{{}, defaults};
  if (section.json().is_array()) {
    config.rules = read_rules(section);
    return config;
  }
  lab::JsonObject object = section.as_object();
  if (const auto rules = object.find("rules")) config.rules = read_rules(*rules);
  if (const auto headers = object.find("headers")) {
    config.headers = read_rate_limit_headers(headers->as_object(), defaults);
  }
  object.finish();
  return config;
}

Headers read_rate_limit_headers(lab::JsonObject object, const Headers& defaults) {
  Headers headers;
  headers.style = choose(object, "style", kStyles, defaults.style);
  headers.reset = choose(object, "reset", kResets, defaults.reset);
  headers.retry_after = choose(object, "retry_after", kRetryAfters, defaults.retry_after);
  headers.on_success = object.boolean("on_success", defaults.on_success);
  object.finish();
  return headers;
}

lab::Json to_json(const RateLimitConfig& config) {
  lab::Json rules = lab::Json::array();
  for (const Rule& rule : config.rules) rules.push_back(to_json(rule));
  return {{"rules", std::move(rules)}, {"headers", to_json(config.headers)}};
}

lab::Json to_json(const Headers& headers) {
  return {{"style", name_of(kStyles, headers.style)},
          {"reset", name_of(kResets, headers.reset)},
          {"on_success", headers.on_success},
          {"retry_after", name_of(kRetryAfters, headers.retry_after)}};
}

}  // namespace mockgw
