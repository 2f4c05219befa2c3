// Who runs, who waits, who is turned away when there are more requests than slots. Clock-free and
// without I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "mockgw/base/error_condition.h"
#include "mockgw/overload/admission_config.h"
#include "mockgw/overload/admission_shedding.h"
#include "shared/base/time.h"

namespace mockgw {

/// Not synchronised; times must not go backwards. Each id that was admitted or queued is to be
/// handed back with leave().
class Admission {
 public:
  using Id = std::uint64_t;

  struct Decision {
    enum class Kind { admitted, queued, rejected };
    Kind kind = Kind::admitted;
    lab::TimePoint deadline = lab::kNoDeadline;             ///< Of a queued one.
    ErrorCondition condition = ErrorCondition::queue_full;  ///< Of a rejected one.
  };

  /// What becomes of requests that were queued. They leave the queue with it; only the admitted
  /// ones still need leave().
  struct Changes {
    std::vector<Id> admitted;   ///< In order.
    std::vector<Id> timed_out;  ///< Condition queue_timeout.
    std::vector<Id> shed;       ///< The same condition: they waited too long for CoDel.
    friend bool operator==(const Changes&, const Changes&) = default;
  };

  explicit Admission(const AdmissionConfig& config);

  /// A higher priority goes first (discipline priority). The id is not in use.
  [[nodiscard]] Decision arrive(Id id, lab::TimePoint now, int priority = 0);
  /// The request has ended, or its client left while it ran or waited. An unknown id changes
  /// nothing.
  [[nodiscard]] Changes leave(Id id, lab::TimePoint now);
  /// To be called when next_deadline() comes.
  [[nodiscard]] Changes expire(lab::TimePoint now);
  [[nodiscard]] std::optional<lab::TimePoint> next_deadline() const;

  [[nodiscard]] std::int64_t running() const { return static_cast<std::int64_t>(running_.size()); }
  [[nodiscard]] std::int64_t waiting() const { return static_cast<std::int64_t>(waiting_.size()); }
  /// Requests that may run at once just now; 0 = unlimited.
  [[nodiscard]] std::int64_t limit() const;

 private:
  using Sequence = std::int64_t;
  struct Waiter {
    Id id;
    lab::TimePoint since;
    std::int64_t rank;  // The smallest (rank, order) is next.
    Sequence order;
  };

  [[nodiscard]] bool has_slot() const;
  [[nodiscard]] bool is_queue_full() const;
  [[nodiscard]] lab::TimePoint deadline_of(const Waiter& waiter) const;
  void enqueue(Id id, lab::TimePoint now, int priority);
  Waiter dequeue(Sequence sequence);
  void time_out(lab::TimePoint now, Changes& changes);
  void fill_slots(lab::TimePoint now, Changes& changes);

  AdmissionConfig config_;
  std::unordered_map<Id, lab::TimePoint> running_;  // Since when.
  std::map<Sequence, Waiter> waiting_;              // By arrival, so by deadline too.
  std::unordered_map<Id, Sequence> waiting_by_id_;
  std::set<std::tuple<std::int64_t, Sequence, Sequence>> next_;  // rank, order, sequence
  Sequence last_sequence_ = 0;
  CodelShedder codel_;
  GradientLimit gradient_;
};

}  // namespace mockgw
