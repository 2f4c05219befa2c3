#include "mockgw/gateway/batch_gate.h"

#include <algorithm>

namespace mockgw {
namespace {

// Times are rounded to nanoseconds, so that at the very moment of an event it may seem not to have
// happened yet: looking again a little later ends that.
constexpr auto kShortestWait = std::chrono::microseconds(1);

std::optional<lab::TimePoint> next_look(BatchServer& server, std::uint64_t number,
                                        std::size_t tokens, lab::TimePoint now) {
  (void)server.advance(now);
  if (!server.tokens_done(number, now)) return std::nullopt;
  const auto due = server.time_of_token(number, static_cast<double>(tokens), now);
  if (due && *due <= now) return std::nullopt;
  const lab::TimePoint change = server.next_event().value_or(now);
  return std::max(due ? std::min(*due, change) : change, now + kShortestWait);
}

}  // namespace

BatchGate::BatchGate(const std::optional<BatchServerConfig>& config)
    : is_used_(config.has_value()), server_(config.value_or(BatchServerConfig{})) {}

void BatchGate::arrive(std::uint64_t number, std::size_t tokens, lab::TimePoint now) {
  server_.at(now, &BatchServer::arrive, number, static_cast<double>(tokens));
}

void BatchGate::depart(std::uint64_t number, lab::TimePoint now) {
  server_.at(now, &BatchServer::depart, number);
}

std::optional<lab::TimePoint> BatchGate::look_again_at(std::uint64_t number, std::size_t tokens,
                                                       lab::TimePoint now) {
  return server_.at(now, next_look, number, tokens);
}

}  // namespace mockgw
