#include "loader/outputs/hand_over.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

namespace loader {
namespace {

using Numbers = std::vector<int>;
using Queue = HandOver<Numbers>;

Queue::Shared three() { return std::make_shared<const Numbers>(3); }

std::size_t size_of(const Queue::Taken& taken) {
  return std::accumulate(
      taken.pieces.begin(), taken.pieces.end(), std::size_t{0},
      [](std::size_t sum, const Queue::Shared& piece) { return sum + piece->size(); });
}

TEST(HandOver, GivesThePiecesThemselves) {
  Queue queue({WhenFull::drop, 100}, [] {});
  const Queue::Shared piece = three();
  queue.give(piece);
  EXPECT_EQ(queue.take(100).pieces, std::vector{piece});
}

TEST(HandOver, DropsWhatDoesNotFitAndCountsIt) {
  Queue queue({WhenFull::drop, 5}, [] {});
  queue.give(three());
  queue.give(three());
  EXPECT_EQ(queue.taken(), 6u);
  EXPECT_EQ(queue.dropped(), 3u);
  EXPECT_EQ(size_of(queue.take(100)), 3u);
  queue.give(three());
  EXPECT_EQ(queue.dropped(), 3u);
}

TEST(HandOver, AlwaysTakesOnePieceHoweverLarge) {
  Queue queue({WhenFull::drop, 2}, [] {});
  queue.give(three());
  EXPECT_EQ(size_of(queue.take(1)), 3u);
}

TEST(HandOver, IsTakenInPortions) {
  Queue queue({WhenFull::drop, 100}, [] {});
  for (int i = 0; i < 3; ++i) queue.give(three());
  EXPECT_EQ(size_of(queue.take(6)), 6u);
  EXPECT_EQ(queue.waiting(), 3u);
}

TEST(HandOver, WakesOnceWhenThereIsMuch) {
  int wakes = 0;
  Queue queue({WhenFull::drop, 100, 6}, [&wakes] { ++wakes; });
  queue.give(three());
  EXPECT_EQ(wakes, 0);
  queue.give(three());
  EXPECT_EQ(wakes, 1);
  queue.give(three());
  EXPECT_EQ(wakes, 1);
  static_cast<void>(queue.take(100));
  queue.give(three());
  queue.give(three());
  EXPECT_EQ(wakes, 2);
}

// Nobody would take it away otherwise.
TEST(HandOver, WhoeverIsNotWokenHasRoom) {
  int wakes = 0;
  Queue queue({WhenFull::wait, 5, 4}, [&wakes] { ++wakes; });
  queue.give(three());
  EXPECT_EQ(wakes, 0);
  queue.give(three());
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(queue.waiting(), 6u);
}

TEST(HandOver, TheLastIsTheLast) {
  int wakes = 0;
  Queue queue({WhenFull::drop, 100, 50}, [&wakes] { ++wakes; });
  queue.give(three());
  queue.give(three());
  queue.close();
  EXPECT_EQ(wakes, 1);
  EXPECT_FALSE(queue.take(3).is_last);
  EXPECT_TRUE(queue.take(3).is_last);
  // What comes after all the same is lost, and not in silence.
  queue.give(three());
  EXPECT_EQ(queue.dropped(), 3u);
}

TEST(HandOver, WhereNothingIsDroppedTheGivingThreadWaits) {
  Queue queue({WhenFull::wait, 3}, [] {});
  std::thread giver([&] {
    for (int i = 0; i < 100; ++i) queue.give(three());
    queue.close();
  });
  std::size_t size = 0;
  for (bool is_last = false; !is_last;) {
    const Queue::Taken taken = queue.take(3);
    size += size_of(taken);
    is_last = taken.is_last;
  }
  giver.join();
  EXPECT_EQ(size, 300u);
  EXPECT_EQ(queue.dropped(), 0u);
}

TEST(HandOver, WhoWaitsIsReleasedWhenItIsGivenUp) {
  Queue queue({WhenFull::wait, 3}, [] {});
  queue.give(three());
  std::thread giver([&] { queue.give(three()); });
  queue.give_up();
  giver.join();
  EXPECT_EQ(queue.taken(), 6u);
  EXPECT_EQ(queue.dropped(), 6u);
  EXPECT_EQ(queue.waiting(), 0u);
}

}  // namespace
}  // namespace loader
