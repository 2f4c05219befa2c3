// Where requests wait until there is a slot for them: Admission decides, the coroutines of all
// threads wait here.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "mockgw/base/error_condition.h"
#include "mockgw/gateway/shared_in_order.h"
#include "mockgw/overload/admission.h"
#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace mockgw {

/// Thread-safe. A request is told apart by its number in the gateway.
class AdmissionGate {
 public:
  explicit AdmissionGate(const AdmissionConfig& config) : queue_(config) {}

  /// Completes when the request may run (no condition), or will not: queue_full, queue_timeout or
  /// concurrency_limited. One that runs must leave().
  lab::asio::awaitable<std::optional<ErrorCondition>> enter(lab::Runtime& runtime,
                                                            std::uint64_t number, int priority);
  void leave(std::uint64_t number, lab::TimePoint now);
  /// The client of a request that waits has left: its place is free at once, and its enter()
  /// completes as if it was let in. Without effect on any other request.
  void abandon(std::uint64_t number, lab::TimePoint now);

  struct Occupancy {
    std::int64_t running = 0;
    std::int64_t waiting = 0;
  };
  /// Just now; zero when everything is let in at once.
  [[nodiscard]] Occupancy occupancy() const;

 private:
  struct Waiter;

  /// Who waits with its place in the queue; null if the request need not wait.
  struct Entry {
    std::optional<ErrorCondition> refused{};
    std::shared_ptr<Waiter> waiter{};
    lab::TimePoint deadline{};
  };

  /// Decides, and tells those who wait.
  class Queue {
   public:
    explicit Queue(const AdmissionConfig& config) : admission_(config) {}

    [[nodiscard]] Entry arrive(lab::Runtime& runtime, std::uint64_t number, int priority,
                               lab::TimePoint now);
    void leave(std::uint64_t number, lab::TimePoint now);
    void abandon(std::uint64_t number, lab::TimePoint now);
    void expire(lab::TimePoint now);
    [[nodiscard]] Occupancy occupancy() const;

   private:
    void apply(const Admission::Changes& changes);
    void finish(std::uint64_t number, std::optional<ErrorCondition> refused);

    Admission admission_;
    // Shared with the coroutine that waits.
    std::map<std::uint64_t, std::shared_ptr<Waiter>> waiters_;
  };

  SharedInOrder<Queue> queue_;
};

}  // namespace mockgw
