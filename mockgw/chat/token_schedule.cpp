#include "mockgw/chat/token_schedule.h"

#include <algorithm>
#include <cassert>

namespace mockgw {
namespace {

// However long each latency is, the sum of all must stay a time that can be added to a clock's.
constexpr lab::Duration kLongestAnswer = lab::Distribution::kLongestSample;

lab::Duration later(lab::Duration due, double seconds) {
  return std::min(due + std::min(lab::from_seconds(seconds), kLongestAnswer), kLongestAnswer);
}

double time_to_first_token(const LatencyConfig& latency, const ScheduleRequest& request,
                           lab::Rng& rng) {
  assert(request.cached_tokens <= request.prompt_tokens);
  const auto cached = static_cast<double>(request.cached_tokens);
  const auto fresh = static_cast<double>(request.prompt_tokens) - cached;
  const double prefill = fresh * lab::to_seconds(latency.prefill_per_token) +
                         cached * lab::to_seconds(latency.cached_prefill_per_token);
  return (latency.ttft.sample(rng) + prefill) * request.factor;
}

}  // namespace

TokenSchedule plan_schedule(const LatencyConfig& latency, const ScheduleRequest& request,
                            lab::Rng rng, TokenSchedule reuse) {
  TokenSchedule schedule = std::move(reuse);
  lab::Duration due = later(request.delay, time_to_first_token(latency, request, rng));
  schedule.head = request.head_at_once ? lab::Duration::zero() : due;
  schedule.tokens.assign(request.tokens, due);
  if (!request.tokens_at_once && !latency.itl.is_zero()) {
    for (std::size_t i = 1; i < request.tokens; ++i) {
      due = later(due, latency.itl.sample(rng) * request.factor);
      schedule.tokens[i] = due;
    }
  }
  schedule.end = due;
  return schedule;
}

}  // namespace mockgw
