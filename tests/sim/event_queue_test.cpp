#include "shared/sim/event_queue.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

using namespace std::chrono_literals;

constexpr EventAction kNothing{[](void*, std::uint64_t) {}, nullptr, 0};

TEST(EventQueue, PopsByTimeThenByOrderOfScheduling) {
  EventQueue queue;
  const EventId late = queue.schedule(TimePoint(2s), kNothing);
  const EventId early = queue.schedule(TimePoint(1s), kNothing);
  const EventId early_too = queue.schedule(TimePoint(1s), kNothing);
  EXPECT_EQ(queue.pop()->sequence, early.sequence);
  EXPECT_EQ(queue.pop()->sequence, early_too.sequence);
  EXPECT_EQ(queue.pop()->sequence, late.sequence);
  EXPECT_FALSE(queue.pop());
}

TEST(EventQueue, ACancelledEventIsGoneAndItsIdNeverMeansAnother) {
  EventQueue queue;
  const EventId id = queue.schedule(TimePoint(1s), kNothing);
  EXPECT_TRUE(queue.cancel(id));
  EXPECT_FALSE(queue.cancel(id));
  const EventId other = queue.schedule(TimePoint(1s), kNothing);
  EXPECT_FALSE(queue.cancel(id));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue.pop()->sequence, other.sequence);
  EXPECT_FALSE(queue.cancel(other));
  EXPECT_FALSE(queue.cancel(EventId{}));
}

TEST(EventQueue, ManyCancelsKeepTheOrder) {
  EventQueue queue;
  std::vector<EventId> ids;
  for (int i = 0; i < 1000; ++i)
    ids.push_back(queue.schedule(TimePoint(1ms * (i * 7 % 1000)), kNothing));
  for (int i = 0; i < 1000; ++i) {
    if (i % 10 != 0) queue.cancel(ids[static_cast<std::size_t>(i)]);
  }
  TimePoint last{};
  int popped = 0;
  while (const auto due = queue.pop()) {
    EXPECT_GE(due->time, last);
    last = due->time;
    ++popped;
  }
  EXPECT_EQ(popped, 100);
}

}  // namespace
}  // namespace lab
