#include "mockgw/profiles/rate_limit_headers.h"

#include <gtest/gtest.h>

#include "mockgw/profiles/profile.h"
#include "mockgw/profiles/profile_reader.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using Style = RateLimitHeaderOptions::Style;
using Reset = RateLimitHeaderOptions::Reset;
using RetryAfter = RateLimitHeaderOptions::RetryAfter;

const lab::WallTime kNow{1'700'000'000s};

using ReadingKind = RuleReading::Kind;
using KeyPart = RateLimitRule::KeyPart;

RateLimitRule rule_by(std::vector<KeyPart> key_by) {
  RateLimitRule rule;
  rule.key_by = std::move(key_by);
  return rule;
}

const RateLimitRule kPerKey = rule_by({KeyPart::api_key});
const RateLimitRule kPerModel = rule_by({KeyPart::model});
const RateLimitRule kPerModelOfKey = rule_by({KeyPart::api_key, KeyPart::model});
const RateLimitRule kPerUserOfTenant = rule_by({KeyPart::tenant, KeyPart::user});

// 12 of 60 requests and 1,961 of 30,000 tokens a minute are left.
RateLimitDecision admitted() {
  RateLimitDecision decision;
  decision.requests = RateLimitReading{60, 12, 48, 48s, 1min};
  decision.tokens = RateLimitReading{30'000, 1961, 28'039, 8640ms, 1min};
  decision.readings = {{&kPerKey, ReadingKind::requests, *decision.requests},
                       {&kPerKey, ReadingKind::tokens, *decision.tokens}};
  return decision;
}

RateLimitDecision refused_for_tokens() {
  RateLimitDecision decision = admitted();
  RateLimitRefusal refusal;
  refusal.condition = ErrorCondition::rate_limited_tokens;
  refusal.is_tokens = true;
  refusal.requested = 3906;
  refusal.retry_in = 3890ms;
  refusal.reading = *decision.tokens;
  decision.refusal = refusal;
  return decision;
}

std::string lines(const HeaderFields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) text += name + ": " + value + "\n";
  return text;
}

struct HeaderRow {
  Style style;
  Reset reset;
  const char* expected;
};

TEST(RateLimitHeaders, SuccessInEachStyle) {
  const HeaderRow rows[] = {
      {Style::openai, Reset::duration_string,
       "x-ratelimit-limit-requests: 60\nx-ratelimit-remaining-requests: 12\n"
       "x-ratelimit-reset-requests: 48s\nx-ratelimit-limit-tokens: 30000\n"
       "x-ratelimit-remaining-tokens: 1961\nx-ratelimit-reset-tokens: 8.64s\n"},
      {Style::single, Reset::constant,
       "x-ratelimit-limit: 60\nx-ratelimit-remaining: 12\nx-ratelimit-reset: 60\n"},
      {Style::single_with_tokens, Reset::unix_time,
       "x-ratelimit-limit: 60\nx-ratelimit-remaining: 12\nx-ratelimit-reset: 1700000048\n"
       "x-ratelimit-limit-tokens: 30000\nx-ratelimit-remaining-tokens: 1961\n"},
      {Style::ietf_draft, Reset::delta_seconds,
       "ratelimit-limit: 60\nratelimit-remaining: 12\nratelimit-reset: 48\n"},
      {Style::kong, Reset::delta_seconds,
       "ratelimit-limit: 60\nratelimit-remaining: 12\nratelimit-reset: 48\n"
       "x-ratelimit-limit-minute: 60\nx-ratelimit-remaining-minute: 12\n"},
      {Style::litellm, Reset::delta_seconds,
       "x-ratelimit-limit-requests: 60\nx-ratelimit-remaining-requests: 12\n"
       "x-ratelimit-reset-requests: 48\nx-ratelimit-limit-tokens: 30000\n"
       "x-ratelimit-remaining-tokens: 1961\nx-ratelimit-reset-tokens: 9\n"
       "x-ratelimit-api_key-limit-requests: 60\nx-ratelimit-api_key-remaining-requests: 12\n"
       "x-ratelimit-api_key-limit-tokens: 30000\nx-ratelimit-api_key-remaining-tokens: 1961\n"},
      {Style::none, Reset::delta_seconds, ""},
  };
  for (const HeaderRow& row : rows) {
    EXPECT_EQ(lines(rate_limit_headers(admitted(), {row.style, row.reset}, kNow)), row.expected);
  }
}

TEST(RateLimitHeaders, SuccessMaySendNone) {
  RateLimitHeaderOptions options;
  options.on_success = false;
  EXPECT_TRUE(rate_limit_headers(admitted(), options, kNow).empty());
  EXPECT_FALSE(rate_limit_headers(refused_for_tokens(), options, kNow).empty());
}

TEST(RateLimitHeaders, SingleStylesSpeakOfWhatRefused) {
  EXPECT_EQ(
      lines(rate_limit_headers(refused_for_tokens(), {Style::single, Reset::delta_seconds}, kNow)),
      "x-ratelimit-limit: 30000\nx-ratelimit-remaining: 1961\nx-ratelimit-reset: 9\n"
      "retry-after: 4\n");
  // And of tokens when nothing else is limited.
  RateLimitDecision tokens_only = admitted();
  tokens_only.requests.reset();
  EXPECT_EQ(lines(rate_limit_headers(tokens_only, {Style::ietf_draft, Reset::delta_seconds}, kNow)),
            "ratelimit-limit: 30000\nratelimit-remaining: 1961\nratelimit-reset: 9\n");
}

TEST(RateLimitHeaders, RetryAfterInEachStyle) {
  struct RetryRow {
    RetryAfter style;
    lab::Duration retry_in;
    const char* expected;
  };
  const RetryRow rows[] = {
      {RetryAfter::ceil, 3890ms, "retry-after: 4\n"},
      {RetryAfter::ceil, 4s, "retry-after: 4\n"},
      {RetryAfter::floor, 3890ms, "retry-after: 3\n"},
      {RetryAfter::floor, 999ms, "retry-after: 0\n"},
      {RetryAfter::window, 3890ms, "retry-after: 60\n"},
      {RetryAfter::ms, 1500us, "retry-after: 1\nretry-after-ms: 2\n"},
      {RetryAfter::none, 3890ms, ""},
  };
  for (const RetryRow& row : rows) {
    RateLimitDecision decision = refused_for_tokens();
    decision.refusal->retry_in = row.retry_in;
    RateLimitHeaderOptions options;
    options.style = Style::none;
    options.retry_after = row.style;
    EXPECT_EQ(lines(rate_limit_headers(decision, options, kNow)), row.expected);
  }
}

TEST(RateLimitHeaders, NoWaitIsPromisedWhereNoneHelps) {
  RateLimitDecision decision = refused_for_tokens();
  decision.refusal->condition = ErrorCondition::rate_limited_too_large;
  decision.refusal->retry_in.reset();
  RateLimitHeaderOptions options;
  options.style = Style::none;
  options.retry_after = RetryAfter::window;
  EXPECT_TRUE(rate_limit_headers(decision, options, kNow).empty());
  // Nobody knows when a parallel request will end, unless the gateway names its window anyway.
  decision.refusal->condition = ErrorCondition::concurrency_limited;
  EXPECT_EQ(lines(rate_limit_headers(decision, options, kNow)), "retry-after: 60\n");
  options.retry_after = RetryAfter::ceil;
  EXPECT_TRUE(rate_limit_headers(decision, options, kNow).empty());
}

TEST(RateLimitHeaders, KongHasAPairForEachWindowTheStrictestOfIt) {
  RateLimitDecision decision;
  decision.requests = RateLimitReading{5, 4, 1, 1s, 1s};
  decision.readings = {{&kPerKey, ReadingKind::requests, {1000, 900, 100, 1h, 1h}},
                       {&kPerKey, ReadingKind::requests, {60, 50, 10, 30s, 1min}},
                       {&kPerModel, ReadingKind::requests, {80, 40, 40, 30s, 1min}},
                       {&kPerKey, ReadingKind::requests, {5, 4, 1, 1s, 1s}},
                       {&kPerKey, ReadingKind::requests, {90, 80, 10, 24h, 30 * 24h}},
                       {&kPerKey, ReadingKind::tokens, {9, 8, 1, 24h, 24h}},
                       {&kPerKey, ReadingKind::max_parallel, {9, 8, 1, 0s, 1min}}};
  EXPECT_EQ(lines(rate_limit_headers(decision, {Style::kong, Reset::delta_seconds}, kNow)),
            "ratelimit-limit: 5\nratelimit-remaining: 4\nratelimit-reset: 1\n"
            "x-ratelimit-limit-second: 5\nx-ratelimit-remaining-second: 4\n"
            "x-ratelimit-limit-minute: 80\nx-ratelimit-remaining-minute: 40\n"
            "x-ratelimit-limit-hour: 1000\nx-ratelimit-remaining-hour: 900\n"
            "x-ratelimit-limit-month: 90\nx-ratelimit-remaining-month: 80\n");
}

TEST(RateLimitHeaders, KongSpeaksOfTokensWhereOnlyTheyAreLimited) {
  RateLimitDecision decision = admitted();
  decision.requests.reset();
  decision.readings.erase(decision.readings.begin());
  EXPECT_EQ(lines(rate_limit_headers(decision, {Style::kong, Reset::delta_seconds}, kNow)),
            "ratelimit-limit: 30000\nratelimit-remaining: 1961\nratelimit-reset: 9\n"
            "x-ratelimit-limit-minute: 30000\nx-ratelimit-remaining-minute: 1961\n");
}

TEST(RateLimitHeaders, LiteLlmTellsOfEachScopeAndKindTheStrictest) {
  RateLimitDecision decision;
  decision.readings = {{&kPerModelOfKey, ReadingKind::requests, {60, 50, 10, 30s, 1min}},
                       {&kPerModelOfKey, ReadingKind::requests, {90, 20, 70, 1h, 1h}},
                       {&kPerKey, ReadingKind::max_parallel, {9, 8, 1, 0s, 1min}},
                       {&kPerUserOfTenant, ReadingKind::tokens, {7, 6, 1, 1s, 1min}}};
  EXPECT_EQ(lines(rate_limit_headers(decision, {Style::litellm, Reset::delta_seconds}, kNow)),
            "x-ratelimit-model_per_key-limit-requests: 90\n"
            "x-ratelimit-model_per_key-remaining-requests: 20\n"
            "x-ratelimit-api_key-limit-max_parallel_requests: 9\n"
            "x-ratelimit-api_key-remaining-max_parallel_requests: 8\n"
            "x-ratelimit-tenant_user-limit-tokens: 7\n"
            "x-ratelimit-tenant_user-remaining-tokens: 6\n");
}

TEST(RateLimitHeaders, LiteLlmsRefusalHasRetryAfterAlone) {
  EXPECT_EQ(
      lines(rate_limit_headers(refused_for_tokens(),
                               {Style::litellm, Reset::delta_seconds, RetryAfter::window}, kNow)),
      "retry-after: 60\n");
}

TEST(RateLimitHeaders, OddWindowsHaveNamesToo) {
  RateLimitDecision decision;
  decision.requests = RateLimitReading{5, 4, 1, 10s, 10s};
  decision.readings = {{&kPerKey, ReadingKind::requests, *decision.requests}};
  EXPECT_EQ(lines(rate_limit_headers(decision, {Style::kong, Reset::delta_seconds}, kNow)),
            "ratelimit-limit: 5\nratelimit-remaining: 4\nratelimit-reset: 10\n"
            "x-ratelimit-limit-10s: 5\nx-ratelimit-remaining-10s: 4\n");
  EXPECT_EQ(limit_unit(true, 1min), "tokens per min (TPM)");
  EXPECT_EQ(limit_unit(false, 1min), "requests per min (RPM)");
  EXPECT_EQ(limit_unit(false, 24h), "requests per day (RPD)");
  EXPECT_EQ(limit_unit(true, 10s), "tokens per 10s");
}

TEST(RateLimitHeaders, RefusalsFillTheMessage) {
  PlaceholderValues values;
  values.set(Placeholder::model, "gpt-4.1");
  values.set(Placeholder::organization, "org-lab");
  describe_refusal(*refused_for_tokens().refusal, {}, kNow, values);
  const auto body = lab::Json::parse(
      render_error(load_profile("openai").value(), ErrorCondition::rate_limited_tokens, values)
          .body);
  EXPECT_EQ(body["error"]["message"],
            "Rate limit reached for gpt-4.1 in organization org-lab on tokens per min (TPM): "
            "Limit 30000, Used 28039, Requested 3906. Please try again in 3.89s. Visit "
            "https://platform.openai.com/account/rate-limits to learn more.");
  const auto litellm = lab::Json::parse(
      render_error(load_profile("litellm").value(), ErrorCondition::rate_limited_tokens, values)
          .body);
  EXPECT_EQ(litellm["error"]["message"],
            "Rate limit exceeded for api_key: . Limit type: tokens. Current limit: 30000, "
            "Remaining: 0. Limit resets at: 2023-11-14T22:13:29Z");
}

TEST(RateLimitHeaders, TheReferenceGatewaysBodyRoundsDownToo) {
  PlaceholderValues values;
  RateLimitRefusal refusal = *refused_for_tokens().refusal;
  refusal.retry_in = 999ms;
  const Profile refgw = load_profile("refgw").value();
  describe_refusal(refusal, refgw.rate_limit_headers, kNow, values);
  const auto body =
      lab::Json::parse(render_error(refgw, ErrorCondition::rate_limited_tokens, values).body);
  EXPECT_EQ(body["error"]["retry_after_seconds"], 0);
}

}  // namespace
}  // namespace mockgw
