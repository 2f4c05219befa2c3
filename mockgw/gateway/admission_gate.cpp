#include "mockgw/gateway/admission_gate.h"

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include "shared/runtime/wakeup.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

// A wait without a timeout is made of waits of this length: no timer is set to the end of time.
constexpr auto kLongestSleep = std::chrono::hours(1);

}  // namespace

struct AdmissionGate::Waiter {
  explicit Waiter(lab::Runtime& runtime) : executor(runtime.executor()), wakeup(runtime) {}

  const asio::any_io_executor executor;  // Of the thread that waits.
  lab::Wakeup wakeup;                    // Used on that thread only.
  // Written under the gate's lock, once:
  bool is_decided = false;
  std::optional<ErrorCondition> refused;
};

AdmissionGate::Entry AdmissionGate::Queue::arrive(lab::Runtime& runtime, std::uint64_t number,
                                                  int priority, lab::TimePoint now) {
  const auto decision = admission_.arrive(number, now, priority);
  switch (decision.kind) {
    case Admission::Decision::Kind::admitted:
      return {};
    case Admission::Decision::Kind::rejected:
      return {.refused = decision.condition};
    case Admission::Decision::Kind::queued:
      break;
  }
  auto waiter = std::make_shared<Waiter>(runtime);
  waiters_.emplace(number, waiter);
  return {.waiter = std::move(waiter), .deadline = decision.deadline};
}

void AdmissionGate::Queue::leave(std::uint64_t number, lab::TimePoint now) {
  apply(admission_.leave(number, now));
}

void AdmissionGate::Queue::abandon(std::uint64_t number, lab::TimePoint now) {
  if (!waiters_.contains(number)) return;
  leave(number, now);
  finish(number, std::nullopt);
}

void AdmissionGate::Queue::expire(lab::TimePoint now) { apply(admission_.expire(now)); }

AdmissionGate::Occupancy AdmissionGate::Queue::occupancy() const {
  return {admission_.running(), admission_.waiting()};
}

void AdmissionGate::Queue::apply(const Admission::Changes& changes) {
  for (const auto number : changes.admitted) finish(number, std::nullopt);
  for (const auto number : changes.timed_out) finish(number, ErrorCondition::queue_timeout);
  for (const auto number : changes.shed) finish(number, ErrorCondition::queue_timeout);
}

void AdmissionGate::Queue::finish(std::uint64_t number, std::optional<ErrorCondition> refused) {
  const auto found = waiters_.find(number);
  if (found == waiters_.end()) return;
  const std::shared_ptr<Waiter> waiter = found->second;
  waiters_.erase(found);
  waiter->is_decided = true;
  waiter->refused = refused;
  asio::post(waiter->executor, [waiter] { waiter->wakeup.notify(); });
}

asio::awaitable<std::optional<ErrorCondition>> AdmissionGate::enter(lab::Runtime& runtime,
                                                                    std::uint64_t number,
                                                                    int priority) {
  const Entry entry = queue_.at(runtime.now(), &Queue::arrive, runtime, number, priority);
  if (!entry.waiter) co_return entry.refused;
  while (!queue_.look([&](const Queue&) { return entry.waiter->is_decided; })) {
    const lab::TimePoint wake_at = std::min(entry.deadline, runtime.now() + kLongestSleep);
    co_await entry.waiter->wakeup.wait_until(wake_at);
    queue_.at(runtime.now(), &Queue::expire);
  }
  co_return entry.waiter->refused;
}

void AdmissionGate::leave(std::uint64_t number, lab::TimePoint now) {
  queue_.at(now, &Queue::leave, number);
}

void AdmissionGate::abandon(std::uint64_t number, lab::TimePoint now) {
  queue_.at(now, &Queue::abandon, number);
}

AdmissionGate::Occupancy AdmissionGate::occupancy() const { return queue_.look(&Queue::occupancy); }

}  // namespace mockgw
