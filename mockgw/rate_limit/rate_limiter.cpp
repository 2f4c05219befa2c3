#include "mockgw/rate_limit/rate_limiter.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>

namespace mockgw {
namespace {

using lab::Duration;
using lab::TimePoint;
using KeyPart = RateLimitRule::KeyPart;
using TokenCharge = RateLimitRule::TokenCharge;

// How far from the least recently used end an idle account is looked for before a busy one is
// evicted.
constexpr std::size_t kEvictionProbesMax = 16;

RateLimitAnswer ask(RateLimitMeter& meter, std::int64_t cost, TimePoint now) {
  return std::visit([&](auto& m) { return m.ask(cost, now); }, meter);
}

void charge(RateLimitMeter& meter, std::int64_t cost, TimePoint now) {
  std::visit([&](auto& m) { m.charge(cost, now); }, meter);
}

std::string_view part_of(const RateLimitRule& rule, KeyPart part, const RateLimitSubject& subject) {
  switch (part) {
    case KeyPart::api_key:
      return rule.key_prefix_length == 0 ? subject.api_key
                                         : subject.api_key.substr(0, rule.key_prefix_length);
    case KeyPart::model:
      return subject.model;
    case KeyPart::tenant:
      return subject.tenant;
    case KeyPart::user:
      return subject.user;
    case KeyPart::ip:
      return subject.ip;
    case KeyPart::global:
      return {};
  }
  return {};
}

// Lengths keep "a" + "bc" apart from "ab" + "c".
std::string key_of(std::size_t index, const RateLimitRule& rule, const RateLimitSubject& subject) {
  std::string key = std::to_string(index);
  for (const KeyPart part : rule.key_by) {
    const std::string_view text = part_of(rule, part, subject);
    key += '|';
    key += std::to_string(text.size());
    key += ':';
    key += text;
  }
  return key;
}

std::int64_t tokens_to_charge(const RateLimitRule& rule, const RateLimitCost& cost) {
  switch (rule.token_charge) {
    case TokenCharge::admit_max_tokens:
      return cost.tokens_max;
    case TokenCharge::admit_estimate:
      return cost.tokens_estimate;
    case TokenCharge::on_completion:
    case TokenCharge::none:
      return 0;
  }
  return 0;
}

RateLimitReading reading_of(const RateLimitRule& rule, std::int64_t limit,
                            const RateLimitAnswer& answer) {
  return {.limit = limit,
          .remaining = std::max<std::int64_t>(0, answer.remaining),
          .used = std::max<std::int64_t>(0, limit - answer.remaining),
          .reset_in = answer.reset_in,
          .window = rule.window};
}

RateLimitRefusal meter_refusal(const RateLimitRule& rule, bool is_tokens, std::int64_t requested,
                               const RateLimitAnswer& answer) {
  RateLimitRefusal refusal;
  refusal.condition =
      is_tokens ? ErrorCondition::rate_limited_tokens : ErrorCondition::rate_limited_requests;
  refusal.rule = rule.name;
  refusal.scope = rule.key_by.front();
  refusal.is_tokens = is_tokens;
  refusal.requested = requested;
  refusal.reading = reading_of(rule, is_tokens ? rule.tokens : rule.requests, answer);
  if (answer.retry_in == RateLimitAnswer::kNever) {
    refusal.condition = ErrorCondition::rate_limited_too_large;
  } else {
    refusal.retry_in = answer.retry_in;
  }
  return refusal;
}

RateLimitReading parallel_reading(const RateLimitRule& rule, std::int64_t parallel) {
  return {.limit = rule.max_parallel,
          .remaining = std::max<std::int64_t>(0, rule.max_parallel - parallel),
          .used = parallel,
          .reset_in = {},
          .window = rule.window};
}

RateLimitRefusal parallel_refusal(const RateLimitRule& rule, std::int64_t parallel) {
  RateLimitRefusal refusal;
  refusal.condition = ErrorCondition::concurrency_limited;
  refusal.rule = rule.name;
  refusal.scope = rule.key_by.front();
  refusal.requested = 1;
  refusal.reading = parallel_reading(rule, parallel);
  return refusal;
}

// The refusal that makes a client wait longest is the one that it must know of.
bool is_stricter(const RateLimitRefusal& a, const RateLimitRefusal& b) {
  const auto wait = [](const RateLimitRefusal& refusal) {
    if (refusal.condition == ErrorCondition::rate_limited_too_large) return Duration::max();
    return refusal.retry_in.value_or(Duration::zero());
  };
  return wait(a) > wait(b);
}

void keep_strictest(std::optional<RateLimitRefusal>& kept, RateLimitRefusal refusal) {
  if (!kept || is_stricter(refusal, *kept)) kept = std::move(refusal);
}

void keep_strictest(std::optional<RateLimitReading>& kept, const RateLimitReading& reading) {
  if (!kept || reading.remaining < kept->remaining) kept = reading;
}

}  // namespace

// One rule that applies to a request, and what it would be charged there.
struct RateLimiter::Candidate {
  std::uint32_t rule;
  Account* account;
  std::int64_t tokens;

  // What is asked for: a rule that charges afterwards admits as long as anything is left.
  [[nodiscard]] std::int64_t tokens_needed() const { return std::max<std::int64_t>(1, tokens); }
};

RateLimiter::RateLimiter(std::vector<RateLimitRule> rules, Duration unix_at_origin,
                         bool reads_every_rule)
    : rules_(std::move(rules)),
      unix_at_origin_(unix_at_origin),
      reads_every_rule_(reads_every_rule) {
  assert(rules_.size() <= kRateLimitRulesMax);
}

RateLimitSpec RateLimiter::spec_of(const RateLimitRule& rule, std::int64_t limit) const {
  const double capacity = std::floor(static_cast<double>(limit) * rule.burst);
  return {.algorithm = rule.algorithm,
          .limit = limit,
          .capacity = std::max<std::int64_t>(1, static_cast<std::int64_t>(capacity)),
          .window = rule.window,
          .anchor = rule.anchor,
          .unix_at_origin = unix_at_origin_};
}

RateLimiter::Account* RateLimiter::find_account(const std::string& key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &*found->second;
}

RateLimiter::Account& RateLimiter::account_of(std::size_t index, std::string key) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    accounts_.splice(accounts_.begin(), accounts_, found->second);
    return accounts_.front();
  }
  if (accounts_.size() >= kKeysMax) evict_one();
  const RateLimitRule& rule = rules_[index];
  Account& account = accounts_.emplace_front();
  account.key = std::move(key);
  if (rule.requests > 0) account.requests = make_meter(spec_of(rule, rule.requests));
  if (rule.tokens > 0 && rule.token_charge != TokenCharge::none) {
    account.tokens = make_meter(spec_of(rule, rule.tokens));
  }
  by_key_.emplace(account.key, accounts_.begin());
  return account;
}

void RateLimiter::evict_one() {
  auto victim = std::prev(accounts_.end());
  for (std::size_t probe = 1; probe < kEvictionProbesMax && victim->parallel > 0; ++probe) {
    if (victim == accounts_.begin()) break;
    --victim;
  }
  if (victim->parallel > 0) victim = std::prev(accounts_.end());
  by_key_.erase(victim->key);
  accounts_.erase(victim);
}

RateLimitDecision RateLimiter::admit(const RateLimitSubject& subject, const RateLimitCost& cost,
                                     TimePoint now) {
  RateLimitDecision decision;
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    // Accounts of one request are never evicted by each other: there are more keys than rules.
    Account& account = account_of(i, key_of(i, rules_[i], subject));
    candidates.push_back(
        {static_cast<std::uint32_t>(i), &account, tokens_to_charge(rules_[i], cost)});
  }
  decision.refusal = strictest_refusal(candidates, now);
  if (decision.is_admitted()) {
    decision.ticket = charge_all(candidates, now);
  } else {
    charge_rejected(candidates, now);
  }
  read_strictest(candidates, now, decision);
  if (reads_every_rule_) decision.readings = read_every_rule(candidates, now);
  return decision;
}

std::optional<RateLimitRefusal> RateLimiter::strictest_refusal(
    const std::vector<Candidate>& candidates, TimePoint now) {
  std::optional<RateLimitRefusal> refusal;
  for (const Candidate& candidate : candidates) {
    const RateLimitRule& rule = rules_[candidate.rule];
    Account& account = *candidate.account;
    if (account.requests) {
      const RateLimitAnswer answer = ask(*account.requests, 1, now);
      if (!answer.admits) keep_strictest(refusal, meter_refusal(rule, false, 1, answer));
    }
    if (account.tokens) {
      const std::int64_t needed = candidate.tokens_needed();
      const RateLimitAnswer answer = ask(*account.tokens, needed, now);
      if (!answer.admits) keep_strictest(refusal, meter_refusal(rule, true, needed, answer));
    }
    if (rule.max_parallel > 0 && account.parallel >= rule.max_parallel) {
      keep_strictest(refusal, parallel_refusal(rule, account.parallel));
    }
  }
  return refusal;
}

RateLimitTicket RateLimiter::charge_all(const std::vector<Candidate>& candidates, TimePoint now) {
  RateLimitTicket ticket;
  ticket.charged_at = now;
  for (const Candidate& candidate : candidates) {
    Account& account = *candidate.account;
    if (account.requests) charge(*account.requests, 1, now);
    if (account.tokens && candidate.tokens > 0) charge(*account.tokens, candidate.tokens, now);
    if (rules_[candidate.rule].max_parallel > 0) ++account.parallel;
    ticket.charges.push_back({candidate.rule, candidate.tokens, account.key});
  }
  return ticket;
}

void RateLimiter::charge_rejected(const std::vector<Candidate>& candidates, TimePoint now) {
  for (const Candidate& candidate : candidates) {
    const RateLimitRule& rule = rules_[candidate.rule];
    Account& account = *candidate.account;
    if (!rule.count_rejected || !account.requests) continue;
    // A debt of one whole limit is the worst that hammering earns; it also bounds a sliding log.
    if (ask(*account.requests, 1, now).remaining > -rule.requests) {
      charge(*account.requests, 1, now);
    }
  }
}

void RateLimiter::read_strictest(const std::vector<Candidate>& candidates, TimePoint now,
                                 RateLimitDecision& decision) {
  if (decision.refusal && decision.refusal->condition != ErrorCondition::concurrency_limited) {
    (decision.refusal->is_tokens ? decision.tokens : decision.requests) = decision.refusal->reading;
  }
  const bool keeps_requests = decision.requests.has_value();
  const bool keeps_tokens = decision.tokens.has_value();
  for (const Candidate& candidate : candidates) {
    const RateLimitRule& rule = rules_[candidate.rule];
    Account& account = *candidate.account;
    if (account.requests && !keeps_requests) {
      keep_strictest(decision.requests,
                     reading_of(rule, rule.requests, ask(*account.requests, 0, now)));
    }
    if (account.tokens && !keeps_tokens) {
      keep_strictest(decision.tokens, reading_of(rule, rule.tokens, ask(*account.tokens, 0, now)));
    }
  }
}

std::vector<RuleReading> RateLimiter::read_every_rule(const std::vector<Candidate>& candidates,
                                                      TimePoint now) const {
  std::vector<RuleReading> readings;
  for (const Candidate& candidate : candidates) {
    const RateLimitRule& rule = rules_[candidate.rule];
    Account& account = *candidate.account;
    if (account.requests) {
      const RateLimitAnswer answer = ask(*account.requests, 0, now);
      readings.push_back(
          {&rule, RuleReading::Kind::requests, reading_of(rule, rule.requests, answer)});
    }
    if (account.tokens) {
      const RateLimitAnswer answer = ask(*account.tokens, 0, now);
      readings.push_back({&rule, RuleReading::Kind::tokens, reading_of(rule, rule.tokens, answer)});
    }
    if (rule.max_parallel > 0) {
      readings.push_back(
          {&rule, RuleReading::Kind::max_parallel, parallel_reading(rule, account.parallel)});
    }
  }
  return readings;
}

void RateLimiter::complete(const RateLimitTicket& ticket, std::int64_t tokens_used, TimePoint now) {
  for (const RateLimitTicket::Charge& charged : ticket.charges) {
    Account* const account = find_account(charged.key);
    if (account == nullptr) continue;
    const RateLimitRule& rule = rules_[charged.rule];
    // An account that was evicted and began afresh has fewer requests running than were admitted.
    if (account->parallel > 0) --account->parallel;
    if (!account->tokens) continue;
    const std::int64_t unused = charged.tokens - tokens_used;
    if (rule.token_charge == TokenCharge::on_completion) {
      charge(*account->tokens, tokens_used, now);
    } else if (rule.refund_unused && unused > 0) {
      std::visit([&](auto& meter) { meter.refund(unused, ticket.charged_at, now); },
                 *account->tokens);
    }
  }
}

}  // namespace mockgw
