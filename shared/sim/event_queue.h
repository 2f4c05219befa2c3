// The future of a simulated run: what will happen when, in the order of (time, sequence).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/time.h"

namespace lab {

/// What an event does: a plain function with its object, so that scheduling allocates nothing. The
/// object must outlive the event or cancel it.
struct EventAction {
  void (*run)(void* object, std::uint64_t argument) = nullptr;
  void* object = nullptr;
  std::uint64_t argument = 0;
};

/// Names a scheduled event; never reused within a run.
struct EventId {
  std::uint64_t sequence = 0;
  std::uint32_t slot = 0;
};

class EventQueue {
 public:
  struct Due {
    TimePoint time;
    std::uint64_t sequence;
    EventAction action;
  };

  /// Events of equal time run in the order in which they were scheduled.
  EventId schedule(TimePoint due, EventAction action);
  /// True if the event was still to come; it will not run then.
  bool cancel(EventId id);
  /// Takes the earliest event; nothing when none is left.
  [[nodiscard]] std::optional<Due> pop();

  [[nodiscard]] std::size_t size() const { return live_; }
  [[nodiscard]] bool empty() const { return live_ == 0; }

 private:
  struct Entry {
    TimePoint due;
    std::uint64_t sequence;
    std::uint32_t slot;
  };
  struct Slot {
    EventAction action;
    std::uint64_t sequence =
        0;  // 0: free. An entry whose sequence differs is of a cancelled event.
  };
  // Earliest on top of a std::push_heap heap.
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.due != b.due ? a.due > b.due : a.sequence > b.sequence;
    }
  };
  void drop_cancelled_entries();

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t live_ = 0;
  std::uint64_t next_sequence_ = 1;
};

}  // namespace lab
