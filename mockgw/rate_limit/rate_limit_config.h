// The section `rate_limits` of a gateway file: who is limited, by which algorithm, and which
// headers tell of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/time.h"
#include "shared/base/value_types.h"

namespace mockgw {

/// How limits are announced; a profile gives the default, the gateway file may change each field.
struct RateLimitHeaderOptions {
  static constexpr std::string_view kSchemaName = "rateLimitHeaders";
  static constexpr bool kDefaultsVary = true;  // By profile.

  enum class Style {
    single,              ///< x-ratelimit-limit, -remaining, -reset.
    single_with_tokens,  ///< The same, and x-ratelimit-limit-tokens, -remaining-tokens.
    openai,              ///< x-ratelimit-{limit,remaining,reset}-{requests,tokens}.
    ietf_draft,  ///< ratelimit-limit, -remaining, -reset (draft-ietf-httpapi-ratelimit-headers-03).
    kong,        ///< The draft's three, and x-ratelimit-{limit,remaining}-<window> for each window.
    litellm,  ///< openai's, and x-ratelimit-<scope>-{limit,remaining}-{requests,tokens,…} for each
              ///< scope; on success only.
    none,
  };
  enum class Reset {
    constant,         ///< The length of the window in seconds, however much of it is left.
    delta_seconds,    ///< Whole seconds until the limit is back in its initial state.
    duration_string,  ///< The same as "1s", "6m0s", "12ms".
    unix_time,        ///< The wall-clock second of that moment ("unix" in files).
  };
  enum class RetryAfter {
    ceil,    ///< Whole seconds, rounded up.
    floor,   ///< Whole seconds, rounded down: "0" makes naive clients hammer.
    window,  ///< The length of the window.
    ms,      ///< retry-after-ms as well as the rounded-up seconds.
    none,
  };
  Style style = Style::openai;
  Reset reset = Reset::duration_string;
  RetryAfter retry_after = RetryAfter::ceil;
  bool on_success = true;

  /// Whether each rule is told of, not the strictest alone.
  [[nodiscard]] bool tell_every_rule() const {
    return style == Style::kong || style == Style::litellm;
  }
};

enum class RateLimitAlgorithm {
  token_bucket,
  fixed_window,
  sliding_window_log,
  sliding_window_counter,
  gcra,
};

/// One limit. Every limit whose amount is 0 is absent.
struct RateLimitRule {
  enum class KeyPart { api_key, model, tenant, user, ip, global };
  enum class Anchor {
    calendar,       ///< Windows begin at multiples of their length since the Unix epoch.
    first_request,  ///< A window begins with the first request after the last one ended.
  };
  enum class TokenCharge {
    none,              ///< Tokens are not limited, whatever `tokens` says.
    admit_max_tokens,  ///< At admission: prompt + max_tokens.
    admit_estimate,    ///< At admission: prompt + the gateway's estimate of the answer.
    on_completion,  ///< After the answer, so that the limit bites one request late (LiteLLM, Envoy
                    ///< AI Gateway).
  };
  std::string name;  ///< Unique; "rule-1" for the first one without a name.
  std::vector<KeyPart> key_by{KeyPart::api_key};  ///< The key is the tuple of these.
  RateLimitAlgorithm algorithm = RateLimitAlgorithm::token_bucket;
  Anchor anchor = Anchor::calendar;                ///< Of fixed windows and sliding counters.
  lab::Duration window = std::chrono::minutes(1);  ///< > 0
  std::int64_t requests = 0;                       ///< A window; 0 = not limited.
  std::int64_t tokens = 0;                         ///< A window; 0 = not limited.
  double burst =
      1;  ///< Capacity of a token bucket or GCRA = limit × burst; ≥ what one request needs.
  std::int64_t max_parallel = 0;  ///< Requests at once; 0 = not limited.
  TokenCharge token_charge = TokenCharge::admit_max_tokens;
  bool refund_unused = false;   ///< Give back what was charged at admission and not used.
  bool count_rejected = false;  ///< A refused request uses up the requests limit all the same.
  std::size_t key_prefix_length =
      0;  ///< Only so many first bytes of an API key tell keys apart; 0 = all.
};

struct RateLimitConfig {
  std::vector<RateLimitRule> rules;
  RateLimitHeaderOptions headers;
};

void fields(lab::Fields& f, RateLimitRule& c);
void check(const lab::JsonValue& section, RateLimitRule& c);
void fields(lab::Fields& f, RateLimitHeaderOptions& c);
void fields(lab::Fields& f, RateLimitConfig& c);

/// {"rules":[…],"headers":{…}} or a bare list of rules.
class RateLimitsType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override;
  [[nodiscard]] lab::Json write(const void* member) const override;
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override;
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }
  [[nodiscard]] std::optional<lab::Json> write_change(const void* member,
                                                      const void* base) const override;
};

inline constexpr std::size_t kRateLimitRulesMax = 32;

/// `defaults` are the profile's headers.
[[nodiscard]] RateLimitConfig read_rate_limits(const lab::JsonValue& section,
                                               const RateLimitHeaderOptions& defaults);
/// Reads an object `headers` over `defaults`.
[[nodiscard]] RateLimitHeaderOptions read_rate_limit_headers(
    const lab::JsonObject& object, const RateLimitHeaderOptions& defaults);
[[nodiscard]] lab::Json to_json(const RateLimitConfig& config);
[[nodiscard]] lab::Json to_json(const RateLimitHeaderOptions& headers);

}  // namespace mockgw
