#include "mockgw/overload/batch_server.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mockgw {

using lab::Duration;
using lab::TimePoint;

namespace {

// Longer than any run; keeps the arithmetic of absurdly slow servers inside what a time point
// holds.
constexpr double kWaitMaxSeconds = 1e9;

}  // namespace

double knee(const BatchServerConfig& config) {
  return std::min(config.token_rate / config.max_rate_per_request,
                  static_cast<double>(config.slots));
}

BatchServerSteadyState steady_state(const BatchServerConfig& config, std::int64_t concurrency,
                                    double tokens) {
  const auto running = static_cast<double>(std::min(concurrency, config.slots));
  BatchServerSteadyState state;
  if (concurrency <= 0) return state;
  state.rate_per_request = std::min(config.max_rate_per_request, config.token_rate / running);
  state.tokens_per_second = running * state.rate_per_request;
  state.requests_per_second = state.tokens_per_second / tokens;
  // Little's law, the waiting ones included.
  state.latency = lab::from_seconds(static_cast<double>(concurrency) / state.requests_per_second);
  return state;
}

double BatchServer::rate_per_request() const {
  if (running_.empty()) return config_.max_rate_per_request;
  return std::min(config_.max_rate_per_request,
                  config_.token_rate / static_cast<double>(running_.size()));
}

// Rounded up, so that at that time the work is done.
TimePoint BatchServer::time_served(double served) const {
  const double seconds = std::clamp((served - served_) / rate_per_request(), 0.0, kWaitMaxSeconds);
  return now_ + Duration(static_cast<std::int64_t>(std::ceil(seconds * 1e9)));
}

void BatchServer::serve_until(TimePoint t) {
  if (!running_.empty()) served_ += lab::to_seconds(t - now_) * rate_per_request();
  now_ = t;
}

void BatchServer::move_to(TimePoint now) {
  assert(now >= now_);
  while (!by_end_.empty()) {
    const auto [end, id] = by_end_.begin()->first;
    const TimePoint at = time_served(end);
    if (at > now) break;
    serve_until(at);
    served_ = std::max(served_, end);
    events_.push_back({Event::Kind::finished, id, at});
    remove_running(id);
    fill_slots(at);
  }
  serve_until(now);
}

void BatchServer::fill_slots(TimePoint now) {
  while (!waiting_.empty() && running_.size() < static_cast<std::size_t>(config_.slots)) {
    const Waiting next = waiting_.front();
    waiting_.pop_front();
    const Running running{served_, served_ + next.tokens};
    running_.emplace(next.id, running);
    by_end_.emplace(std::pair{running.end, next.id}, next.id);
    events_.push_back({Event::Kind::started, next.id, now});
  }
}

void BatchServer::remove_running(Id id) {
  const auto found = running_.find(id);
  by_end_.erase({found->second.end, id});
  running_.erase(found);
  // Begins afresh when idle, so that a long run loses no precision.
  if (running_.empty()) served_ = 0;
}

void BatchServer::arrive(Id id, double tokens, TimePoint now) {
  assert(tokens > 0 && !running_.contains(id));
  move_to(now);
  waiting_.push_back({id, tokens});
  fill_slots(now);
}

void BatchServer::depart(Id id, TimePoint now) {
  move_to(now);
  if (running_.contains(id)) {
    remove_running(id);
    fill_slots(now);
    return;
  }
  std::erase_if(waiting_, [id](const Waiting& waiting) { return waiting.id == id; });
}

std::vector<BatchServer::Event> BatchServer::advance(TimePoint now) {
  move_to(now);
  return std::exchange(events_, {});
}

std::optional<TimePoint> BatchServer::next_event() const {
  if (by_end_.empty()) return std::nullopt;
  return time_served(by_end_.begin()->first.first);
}

std::optional<double> BatchServer::tokens_done(Id id, TimePoint now) {
  move_to(now);
  if (const auto found = running_.find(id); found != running_.end()) {
    return served_ - found->second.start;
  }
  const auto is_waiting = [id](const Waiting& waiting) { return waiting.id == id; };
  if (std::ranges::any_of(waiting_, is_waiting)) return 0.0;
  return std::nullopt;
}

std::optional<TimePoint> BatchServer::time_of_token(Id id, double tokens, TimePoint now) {
  move_to(now);
  const auto found = running_.find(id);
  if (found == running_.end()) return std::nullopt;
  return time_served(std::min(found->second.start + tokens, found->second.end));
}

}  // namespace mockgw
