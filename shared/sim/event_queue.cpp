#include "shared/sim/event_queue.h"

#include <algorithm>

namespace lab {

EventId EventQueue::schedule(TimePoint due, EventAction action) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  const std::uint64_t sequence = next_sequence_++;
  slots_[slot] = {action, sequence};
  heap_.push_back({due, sequence, slot});
  std::push_heap(heap_.begin(), heap_.end(), Later{});
  ++live_;
  return {sequence, slot};
}

bool EventQueue::cancel(EventId id) {
  if (id.sequence == 0 || slots_[id.slot].sequence != id.sequence) return false;
  slots_[id.slot].sequence = 0;
  free_.push_back(id.slot);
  --live_;
  // The heap entry stays until popped; were they never dropped, cancelling would grow the heap
  // without bound.
  if (heap_.size() > 64 && heap_.size() > 2 * live_) drop_cancelled_entries();
  return true;
}

void EventQueue::drop_cancelled_entries() {
  std::erase_if(heap_, [&](const Entry& e) { return slots_[e.slot].sequence != e.sequence; });
  std::make_heap(heap_.begin(), heap_.end(), Later{});
}

std::optional<EventQueue::Due> EventQueue::pop() {
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), Later{});
    const Entry entry = heap_.back();
    heap_.pop_back();
    Slot& slot = slots_[entry.slot];
    if (slot.sequence != entry.sequence) continue;
    slot.sequence = 0;
    free_.push_back(entry.slot);
    --live_;
    return Due{entry.due, entry.sequence, slot.action};
  }
  return std::nullopt;
}

}  // namespace lab
