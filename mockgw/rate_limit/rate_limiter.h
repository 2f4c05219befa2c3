// Decides whether a request is within every rate limit that applies to it, and remembers who used
// how much.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mockgw/base/error_condition.h"
#include "mockgw/rate_limit/rate_limit_algorithms.h"
#include "mockgw/rate_limit/rate_limit_config.h"

namespace mockgw {

/// Whose request it is. Empty parts are a key of their own ("no tenant").
struct RateLimitSubject {
  std::string_view api_key;
  std::string_view model;
  std::string_view tenant;
  std::string_view user;
  std::string_view ip;
};

/// What the request may cost in tokens, for rules that charge at admission.
struct RateLimitCost {
  std::int64_t tokens_max = 0;       ///< Prompt + max_tokens.
  std::int64_t tokens_estimate = 0;  ///< Prompt + the expected answer.
};

/// One limit as its client may be told of it.
struct RateLimitReading {
  std::int64_t limit = 0;      ///< A window.
  std::int64_t remaining = 0;  ///< ≥ 0, after this request's own charge.
  std::int64_t used = 0;       ///< limit − what remains; more than the limit after an overrun.
  lab::Duration reset_in{};
  lab::Duration window{};
};

struct RateLimitRefusal {
  ErrorCondition condition =
      ErrorCondition::rate_limited_requests;  ///< Or _tokens, _too_large, concurrency_limited.
  std::string rule;
  RateLimitRule::KeyPart scope =
      RateLimitRule::KeyPart::api_key;  ///< The first part of the rule's key.
  bool is_tokens = false;  ///< Whether amounts are tokens, also for rate_limited_too_large.
  std::int64_t requested = 0;
  std::optional<lab::Duration>
      retry_in;              ///< Absent when waiting does not help, or nobody knows how long.
  RateLimitReading reading;  ///< Of max_parallel: limit and used.
};

/// What an admitted request owes; to be handed back once with complete().
struct RateLimitTicket {
  struct Charge {
    std::uint32_t rule = 0;
    std::int64_t tokens = 0;  ///< Charged at admission.
    std::string key;
  };
  std::vector<Charge> charges;
  lab::TimePoint charged_at{};
};

/// One limit of one rule.
struct RuleReading {
  enum class Kind { requests, tokens, max_parallel };
  const RateLimitRule* rule = nullptr;  ///< The limiter's own.
  Kind kind = Kind::requests;
  RateLimitReading reading;
};

struct RateLimitDecision {
  std::optional<RateLimitRefusal> refusal;  ///< Absent: admitted.
  // The strictest limits that apply: of each kind the one with the least remaining; a refusing one
  // before all others.
  std::optional<RateLimitReading> requests;
  std::optional<RateLimitReading> tokens;
  /// Every limit that applies, in the order of the rules; empty unless the limiter reads them all.
  std::vector<RuleReading> readings;
  RateLimitTicket ticket;

  [[nodiscard]] bool is_admitted() const { return !refusal; }
};

/// Every rule must admit, and nothing is charged unless all do (but see count_rejected). Not
/// synchronised: the caller shares it between threads behind a mutex. Times must not go backwards.
class RateLimiter {
 public:
  /// Keys beyond this are forgotten, least recently used first and idle ones before busy ones; a
  /// forgotten key starts afresh.
  static constexpr std::size_t kKeysMax = 10'000;

  /// `unix_at_origin` is the Unix time of TimePoint{}: where calendar windows begin.
  /// `reads_every_rule`: decisions have `readings`, which cost an allocation each.
  RateLimiter(std::vector<RateLimitRule> rules, lab::Duration unix_at_origin,
              bool reads_every_rule = false);
  RateLimiter(RateLimiter&&) = default;
  RateLimiter& operator=(RateLimiter&&) = default;

  [[nodiscard]] RateLimitDecision admit(const RateLimitSubject& subject, const RateLimitCost& cost,
                                        lab::TimePoint now);

  /// The request is over, whether it succeeded, failed or was cancelled: frees its parallel slots
  /// and settles its tokens
  /// (`tokens_used` = prompt + completion, as far as it came).
  void complete(const RateLimitTicket& ticket, std::int64_t tokens_used, lab::TimePoint now);

  [[nodiscard]] std::size_t key_count() const { return accounts_.size(); }

 private:
  struct Account {
    std::string key;
    std::optional<RateLimitMeter> requests;
    std::optional<RateLimitMeter> tokens;
    std::int64_t parallel = 0;
  };
  struct Candidate;

  Account& account_of(std::size_t rule, std::string key);
  Account* find_account(const std::string& key);
  void evict_one();
  [[nodiscard]] std::optional<RateLimitRefusal> strictest_refusal(
      const std::vector<Candidate>& candidates, lab::TimePoint now);
  RateLimitTicket charge_all(const std::vector<Candidate>& candidates, lab::TimePoint now);
  void charge_rejected(const std::vector<Candidate>& candidates, lab::TimePoint now);
  void read_strictest(const std::vector<Candidate>& candidates, lab::TimePoint now,
                      RateLimitDecision& decision);
  [[nodiscard]] std::vector<RuleReading> read_every_rule(const std::vector<Candidate>& candidates,
                                                         lab::TimePoint now) const;
  [[nodiscard]] RateLimitSpec spec_of(const RateLimitRule& rule, std::int64_t limit) const;

  std::vector<RateLimitRule> rules_;
  lab::Duration unix_at_origin_;
  bool reads_every_rule_;
  std::list<Account> accounts_;  // Most recently used first.
  std::unordered_map<std::string_view, std::list<Account>::iterator>
      by_key_;  // Views into accounts_.
};

}  // namespace mockgw
