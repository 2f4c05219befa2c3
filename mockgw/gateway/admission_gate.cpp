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
  // Under the gate's lock:
  bool is_decided = false;
  std::optional<Condition> refused;
};

AdmissionGate::AdmissionGate(const AdmissionConfig& config)
    : is_limited_(config.max_concurrency > 0), admission_(config) {}

asio::awaitable<std::optional<Condition>> AdmissionGate::enter(lab::Runtime& runtime,
                                                               std::uint64_t number, int priority) {
  const Entry entry = arrive(runtime, number, priority);
  if (!entry.waiter) co_return entry.refused;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (entry.waiter->is_decided) co_return entry.waiter->refused;
    }
    const lab::TimePoint wake_at = std::min(entry.deadline, runtime.now() + kLongestSleep);
    co_await entry.waiter->wakeup.wait_until(wake_at);
    expire(runtime.now());
  }
}

AdmissionGate::Entry AdmissionGate::arrive(lab::Runtime& runtime, std::uint64_t number,
                                           int priority) {
  const std::lock_guard lock(mutex_);
  const auto arrival = admission_.arrive(number, in_order(runtime.now()), priority);
  switch (arrival.kind) {
    case Admission::Arrival::Kind::admitted:
      return {};
    case Admission::Arrival::Kind::rejected:
      return {.refused = arrival.condition, .waiter = {}};
    case Admission::Arrival::Kind::queued:
      break;
  }
  auto waiter = std::make_shared<Waiter>(runtime);
  waiters_.emplace(number, waiter);
  return {.refused = {}, .waiter = std::move(waiter), .deadline = arrival.deadline};
}

void AdmissionGate::leave(std::uint64_t number, lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  apply(admission_.leave(number, in_order(now)));
}

void AdmissionGate::abandon(std::uint64_t number, lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (!waiters_.contains(number)) return;
  apply(admission_.leave(number, in_order(now)));
  finish(number, std::nullopt);
}

AdmissionGate::Occupancy AdmissionGate::occupancy() const {
  const std::lock_guard lock(mutex_);
  return {admission_.running(), admission_.waiting()};
}

void AdmissionGate::expire(lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  apply(admission_.expire(in_order(now)));
}

void AdmissionGate::apply(const Admission::Changes& changes) {
  for (const auto number : changes.admitted) finish(number, std::nullopt);
  for (const auto number : changes.timed_out) finish(number, Condition::queue_timeout);
  for (const auto number : changes.shed) finish(number, Condition::queue_timeout);
}

void AdmissionGate::finish(std::uint64_t number, std::optional<Condition> refused) {
  const auto found = waiters_.find(number);
  if (found == waiters_.end()) return;
  const std::shared_ptr<Waiter> waiter = found->second;
  waiters_.erase(found);
  waiter->is_decided = true;
  waiter->refused = refused;
  asio::post(waiter->executor, [waiter] { waiter->wakeup.notify(); });
}

lab::TimePoint AdmissionGate::in_order(lab::TimePoint now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

}  // namespace mockgw
