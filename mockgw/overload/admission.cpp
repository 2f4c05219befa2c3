#include "mockgw/overload/admission.h"

#include <cassert>

namespace mockgw {

using lab::TimePoint;
using Discipline = AdmissionConfig::Discipline;
using Shed = AdmissionConfig::Shed;

Admission::Admission(const AdmissionConfig& config)
    : config_(config), codel_(config.codel), gradient_(config.gradient, config.max_concurrency) {}

std::int64_t Admission::limit() const {
  if (config_.max_concurrency == 0) return 0;
  if (config_.permits_bug_compat) return config_.max_concurrency + config_.queue_size;
  return config_.shed == Shed::gradient ? gradient_.limit() : config_.max_concurrency;
}

bool Admission::has_slot() const { return limit() == 0 || running() < limit(); }

bool Admission::is_queue_full() const {
  if (config_.permits_bug_compat) return true;
  const bool waits = config_.when_full == AdmissionConfig::WhenFull::wait;
  return waiting() >= (waits ? AdmissionConfig::kWaitersMax : config_.queue_size);
}

TimePoint Admission::deadline_of(const Waiter& waiter) const {
  return config_.queue_timeout == lab::Duration::zero() ? lab::kNoDeadline
                                                        : waiter.since + config_.queue_timeout;
}

Admission::Decision Admission::arrive(Id id, TimePoint now, int priority) {
  assert(!running_.contains(id) && !waiting_by_id_.contains(id));
  Decision decision;
  // Nobody overtakes those who wait already, even if the gradient has just raised the limit.
  if (has_slot() && waiting_.empty()) {
    running_.emplace(id, now);
    return decision;
  }
  if (is_queue_full()) {
    const bool nothing_waits = config_.queue_size == 0 || config_.permits_bug_compat;
    decision.kind = Decision::Kind::rejected;
    decision.condition =
        nothing_waits ? ErrorCondition::concurrency_limited : ErrorCondition::queue_full;
    return decision;
  }
  enqueue(id, now, priority);
  decision.kind = Decision::Kind::queued;
  decision.deadline = deadline_of(waiting_.at(last_sequence_));
  return decision;
}

void Admission::enqueue(Id id, TimePoint now, int priority) {
  const Sequence sequence = ++last_sequence_;
  const bool is_lifo = config_.discipline == Discipline::lifo;
  const std::int64_t rank =
      config_.discipline == Discipline::priority ? -std::int64_t{priority} : 0;
  const Waiter waiter{id, now, rank, is_lifo ? -sequence : sequence};
  waiting_.emplace(sequence, waiter);
  waiting_by_id_.emplace(id, sequence);
  next_.emplace(waiter.rank, waiter.order, sequence);
}

Admission::Waiter Admission::dequeue(Sequence sequence) {
  const auto found = waiting_.find(sequence);
  const Waiter waiter = found->second;
  next_.erase({waiter.rank, waiter.order, sequence});
  waiting_by_id_.erase(waiter.id);
  waiting_.erase(found);
  return waiter;
}

Admission::Changes Admission::leave(Id id, TimePoint now) {
  Changes changes;
  if (const auto found = running_.find(id); found != running_.end()) {
    if (config_.shed == Shed::gradient) gradient_.on_sample(now - found->second, running());
    running_.erase(found);
  } else if (const auto waiter = waiting_by_id_.find(id); waiter != waiting_by_id_.end()) {
    dequeue(waiter->second);
  }
  time_out(now, changes);
  fill_slots(now, changes);
  return changes;
}

Admission::Changes Admission::expire(TimePoint now) {
  Changes changes;
  time_out(now, changes);
  return changes;
}

void Admission::time_out(TimePoint now, Changes& changes) {
  while (!waiting_.empty() && deadline_of(waiting_.begin()->second) <= now) {
    changes.timed_out.push_back(dequeue(waiting_.begin()->first).id);
  }
}

void Admission::fill_slots(TimePoint now, Changes& changes) {
  while (!waiting_.empty() && has_slot()) {
    const Waiter waiter = dequeue(std::get<2>(*next_.begin()));
    if (config_.shed == Shed::codel && codel_.sheds(now - waiter.since, now)) {
      changes.shed.push_back(waiter.id);
      continue;
    }
    running_.emplace(waiter.id, now);
    changes.admitted.push_back(waiter.id);
  }
  if (waiting_.empty()) codel_.on_empty_queue();
}

std::optional<TimePoint> Admission::next_deadline() const {
  if (waiting_.empty()) return std::nullopt;
  const TimePoint deadline = deadline_of(waiting_.begin()->second);
  if (deadline == lab::kNoDeadline) return std::nullopt;
  return deadline;
}

}  // namespace mockgw
