#include "mockgw/gateway/batch_gate.h"

#include <algorithm>

namespace mockgw {
namespace {

// Times are rounded to nanoseconds, so that at the very moment of an event it may seem not to have
// happened yet: looking again a little later ends that.
constexpr auto kShortestWait = std::chrono::microseconds(1);

}  // namespace

BatchGate::BatchGate(const std::optional<BatchServerConfig>& config)
    : is_used_(config.has_value()), server_(config.value_or(BatchServerConfig{})) {}

void BatchGate::arrive(std::uint64_t number, std::size_t tokens, lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  server_.arrive(number, static_cast<double>(tokens), in_order(now));
}

void BatchGate::depart(std::uint64_t number, lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  server_.depart(number, in_order(now));
}

std::optional<lab::TimePoint> BatchGate::look_again_at(std::uint64_t number, std::size_t tokens,
                                                       lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  now = in_order(now);
  (void)server_.advance(now);
  if (!server_.tokens_done(number, now)) return std::nullopt;
  const auto due = server_.time_of_token(number, static_cast<double>(tokens), now);
  if (due && *due <= now) return std::nullopt;
  const lab::TimePoint change = server_.next_event().value_or(now);
  return std::max(due ? std::min(*due, change) : change, now + kShortestWait);
}

lab::TimePoint BatchGate::in_order(lab::TimePoint now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

}  // namespace mockgw
