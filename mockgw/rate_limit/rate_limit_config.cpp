#include "mockgw/rate_limit/rate_limit_config.h"

#include <algorithm>

#include "mockgw/base/named_list.h"
#include "shared/base/choices.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace mockgw {
namespace {

using Headers = RateLimitHeaderOptions;
using Rule = RateLimitRule;

constexpr lab::Choices<Headers::Style, 7> kStyles{{
    {"single", Headers::Style::single},
    {"single_with_tokens", Headers::Style::single_with_tokens},
    {"openai", Headers::Style::openai},
    {"ietf_draft", Headers::Style::ietf_draft},
    {"kong", Headers::Style::kong},
    {"litellm", Headers::Style::litellm},
    {"none", Headers::Style::none},
}};
constexpr lab::Choices<Headers::Reset, 4> kResets{{
    {"constant", Headers::Reset::constant},
    {"delta_seconds", Headers::Reset::delta_seconds},
    {"duration_string", Headers::Reset::duration_string},
    {"unix", Headers::Reset::unix_time},
}};
constexpr lab::Choices<Headers::RetryAfter, 5> kRetryAfters{{
    {"ceil", Headers::RetryAfter::ceil},
    {"floor", Headers::RetryAfter::floor},
    {"window", Headers::RetryAfter::window},
    {"ms", Headers::RetryAfter::ms},
    {"none", Headers::RetryAfter::none},
}};
constexpr lab::Choices<Rule::KeyPart, 6> kKeyParts{{
    {"api_key", Rule::KeyPart::api_key},
    {"model", Rule::KeyPart::model},
    {"tenant", Rule::KeyPart::tenant},
    {"user", Rule::KeyPart::user},
    {"ip", Rule::KeyPart::ip},
    {"global", Rule::KeyPart::global},
}};
constexpr lab::Choices<RateLimitAlgorithm, 5> kAlgorithms{{
    {"token_bucket", RateLimitAlgorithm::token_bucket},
    {"fixed_window", RateLimitAlgorithm::fixed_window},
    {"sliding_window_log", RateLimitAlgorithm::sliding_window_log},
    {"sliding_window_counter", RateLimitAlgorithm::sliding_window_counter},
    {"gcra", RateLimitAlgorithm::gcra},
}};
constexpr lab::Choices<Rule::Anchor, 2> kAnchors{{
    {"calendar", Rule::Anchor::calendar},
    {"first_request", Rule::Anchor::first_request},
}};
constexpr lab::Choices<Rule::TokenCharge, 4> kTokenCharges{{
    {"none", Rule::TokenCharge::none},
    {"admit_max_tokens", Rule::TokenCharge::admit_max_tokens},
    {"admit_estimate", Rule::TokenCharge::admit_estimate},
    {"on_completion", Rule::TokenCharge::on_completion},
}};

constexpr lab::ListRules kRules{.max = kRateLimitRulesMax,
                                .too_many = "at most 32 rules are allowed"};
constexpr std::int64_t kAmountMax = 1'000'000'000'000;
constexpr std::int64_t kKeyPrefixMax = 256;
constexpr double kBurstMax = 1000;
constexpr lab::Duration kWindowMax = std::chrono::hours(24 * 366);

// A single word is a list of one.
class KeyByType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    auto& parts = *static_cast<std::vector<Rule::KeyPart>*>(member);
    if (!value.json().is_string()) return list().read(value, member);
    parts = {value.as_enum<Rule::KeyPart>(kKeyParts, Rule::KeyPart::api_key)};
  }
  [[nodiscard]] lab::Json write(const void* member) const override { return list().write(member); }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override {
    const lab::Json many = list().schema(printer, member);
    return lab::Json{{"anyOf", {many["items"], many}}};
  }

 private:
  using List = lab::ListOf<Rule::KeyPart, lab::WordType>;
  static List list() {
    return List(lab::type_of<Rule::KeyPart>(kKeyParts),
                {.min = 1,
                 .too_few = "must name at least one of api_key, model, tenant, user, ip, global"});
  }
};

}  // namespace

void fields(lab::Fields& f, Rule& c) {
  f("name", c.name, lab::Says("In messages and metrics; unique.").by_default("rule-1 and so on"));
  f("key_by", c.key_by, KeyByType(), "Who shares one limit: the same of all these.");
  f("algorithm", c.algorithm, kAlgorithms, "How the limit is counted.");
  f("window_anchor", c.anchor, kAnchors, "Where fixed windows begin.");
  f("window", c.window, "Of the limit; at most 366 days.");
  f("requests", c.requests, lab::between(0, kAmountMax), "A window; 0 for no limit.");
  f("tokens", c.tokens, lab::between(0, kAmountMax), "A window; 0 for no limit.");
  f("burst", c.burst, lab::between(0, kBurstMax), "Capacity of a bucket, in windows.");
  f("max_parallel", c.max_parallel, lab::between(0, kAmountMax),
    "Requests at once; 0 for no limit.");
  f("token_charge", c.token_charge, kTokenCharges, "When tokens are charged.");
  f("refund_unused", c.refund_unused, "What was charged too much is given back.");
  f("count_rejected", c.count_rejected, "Refused requests count too.");
  f("key_prefix_length", c.key_prefix_length, lab::between(0, kKeyPrefixMax),
    "Only so many characters of a key tell clients apart; 0 for all.");
}

void check(const lab::JsonValue& section, Rule& rule) {
  if (rule.window <= lab::Duration::zero() || rule.window > kWindowMax) {
    section.problem("window must be longer than 0 and at most 366 days");
    rule.window = std::chrono::minutes(1);
  }
  if (rule.requests == 0 && rule.tokens == 0 && rule.max_parallel == 0) {
    section.problem("limits nothing; give at least one of requests, tokens, max_parallel");
  }
  if (rule.tokens > 0 && rule.requests == 0 && rule.max_parallel == 0 &&
      rule.token_charge == Rule::TokenCharge::none) {
    section.problem("limits nothing: tokens are not counted with token_charge \"none\"");
  }
  if (rule.burst * static_cast<double>(std::max(rule.requests, rule.tokens)) < 1 &&
      (rule.requests > 0 || rule.tokens > 0)) {
    section.problem("burst leaves a capacity below 1, so nothing would ever be admitted");
  }
}

void fields(lab::Fields& f, Headers& c) {
  f("style", c.style, kStyles, "The family of header names.");
  f("reset", c.reset, kResets, "How the time of reset is told.");
  f("on_success", c.on_success, "Told with every answer, not with refusals only.");
  f("retry_after", c.retry_after, kRetryAfters, "What Retry-After says; floor can say 0.");
}

void fields(lab::Fields& f, RateLimitConfig& c) {
  f("rules", c.rules, NamedListType<Rule>("rule-", "an earlier rule", kRules),
    "Every rule that matches must admit a request.");
  f("headers", c.headers, "How the rate limits are told.");
}

void RateLimitsType::read(const lab::JsonValue& value, void* member) const {
  auto& config = *static_cast<RateLimitConfig*>(member);
  if (!value.json().is_array()) return lab::read_fields(value, config);
  NamedListType<Rule>("rule-", "an earlier rule", kRules).read(value, &config.rules);
}
lab::Json RateLimitsType::write(const void* member) const {
  return lab::StructType::of<RateLimitConfig>().write(member);
}
lab::Json RateLimitsType::schema(lab::SchemaPrinter& printer, const void* member) const {
  return printer.named("rateLimits", [&] {
    const lab::Json section = lab::StructType::of<RateLimitConfig>().schema(printer, member);
    return lab::Json{{"description", "Every rule that matches must admit a request."},
                     {"anyOf", {section["properties"]["rules"], section}}};
  });
}
std::optional<lab::Json> RateLimitsType::write_change(const void* member, const void* base) const {
  return lab::StructType::of<RateLimitConfig>().write_change(member, base);
}

RateLimitConfig read_rate_limits(const lab::JsonValue& section, const Headers& defaults) {
  RateLimitConfig config{{}, defaults};
  RateLimitsType().read(section, &config);
  return config;
}

Headers read_rate_limit_headers(const lab::JsonObject& object, const Headers& defaults) {
  Headers headers = defaults;
  lab::read_fields(object.value(), headers);
  return headers;
}

lab::Json to_json(const RateLimitConfig& config) { return lab::write_fields(config); }
lab::Json to_json(const Headers& headers) { return lab::write_fields(headers); }

}  // namespace mockgw
