#include "loader/outputs/handed_samples.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;
using WhenFull = HandOver::WhenFull;

const std::array kThree{Sample{B::vus, {}, 1, {}}, Sample{B::vus, {}, 2, {}},
                        Sample{B::vus, {}, 3, {}}};

std::size_t samples_of(const Handed& handed) {
  std::size_t count = 0;
  for (const auto& piece : handed.pieces) count += piece.size();
  return count;
}

TEST(HandOver, TagsOfSeveralThreadsHaveOneNumber) {
  HandOver hand_over({.when_full = WhenFull::drop, .samples_max = 100}, [] {});
  TagTable first;
  TagTable second;
  const TagSetId status = first.intern({{"status", "200"}});
  const TagSetId other = second.intern({{"other", "x"}});
  const TagSetId same = second.intern({{"status", "200"}});
  hand_over.give(std::array{Sample{B::vus, status, 1, lab::TimePoint(1s)}}, first);
  hand_over.give(std::array{Sample{B::vus, other, 2, lab::TimePoint(2s)},
                            Sample{B::vus, same, 3, lab::TimePoint(3s)}},
                 second);

  const Handed handed = hand_over.take(100);
  ASSERT_EQ(handed.pieces.size(), 2u);
  EXPECT_EQ(handed.pieces[0][0].tags, 0u);
  EXPECT_EQ(handed.pieces[1][0].tags, 1u);
  EXPECT_EQ(handed.pieces[1][1].tags, 0u);
  EXPECT_EQ(handed.pieces[1][1].value, 3);
  EXPECT_EQ(handed.pieces[1][1].at, lab::TimePoint(3s));
  EXPECT_EQ(handed.new_tags, (std::vector<TagTexts>{{{"status", "200"}}, {{"other", "x"}}}));
  // Those that are known are not told again.
  hand_over.give(std::array{Sample{B::vus, status, 1, {}}}, first);
  EXPECT_TRUE(hand_over.take(100).new_tags.empty());
}

TEST(HandOver, KeepsMetadataWhereItIsAskedFor) {
  TagTable tags;
  const std::array samples{Sample{B::http_reqs, {}, 1, {}, "a"}, Sample{B::checks, {}, 1, {}, "a"},
                           Sample{B::vus, {}, 1, {}}, Sample{B::http_reqs, {}, 1, {}, "b"}};
  HandOver hand_over({.when_full = WhenFull::wait, .samples_max = 100, .keeps_metadata = true},
                     [] {});
  hand_over.give(samples, tags);
  const Handed handed = hand_over.take(100);
  std::vector<std::string_view> ids;
  for (std::size_t i = 0; i < samples.size(); ++i) ids.push_back(handed.metadata.at(0)[i]);
  EXPECT_EQ(ids, (std::vector<std::string_view>{"a", "a", "", "b"}));
}

TEST(HandOver, DropsWhatDoesNotFitAndCountsIt) {
  TagTable tags;
  HandOver hand_over({.when_full = WhenFull::drop, .samples_max = 5}, [] {});
  hand_over.give(kThree, tags);
  hand_over.give(kThree, tags);
  EXPECT_EQ(hand_over.taken(), 6u);
  EXPECT_EQ(hand_over.dropped(), 3u);
  EXPECT_EQ(samples_of(hand_over.take(100)), 3u);
  hand_over.give(kThree, tags);
  EXPECT_EQ(hand_over.dropped(), 3u);
}

TEST(HandOver, AlwaysTakesOnePieceHoweverLarge) {
  TagTable tags;
  HandOver hand_over({.when_full = WhenFull::drop, .samples_max = 2}, [] {});
  hand_over.give(kThree, tags);
  EXPECT_EQ(samples_of(hand_over.take(1)), 3u);
}

TEST(HandOver, IsTakenInPortions) {
  TagTable tags;
  HandOver hand_over({.when_full = WhenFull::drop, .samples_max = 100}, [] {});
  for (int i = 0; i < 3; ++i) hand_over.give(kThree, tags);
  EXPECT_EQ(samples_of(hand_over.take(6)), 6u);
  EXPECT_EQ(hand_over.waiting(), 3u);
}

TEST(HandOver, UsesTheMemoryAgainOfWhatIsGivenBack) {
  TagTable tags;
  HandOver hand_over({.when_full = WhenFull::drop, .samples_max = 100}, [] {});
  hand_over.give(kThree, tags);
  Handed first = hand_over.take(100);
  const HandedSample* const memory = first.pieces.at(0).data();
  hand_over.give_back(std::move(first));
  // Nothing of what was there is left.
  hand_over.give(std::span(kThree).first(2), tags);
  const Handed second = hand_over.take(100);
  ASSERT_EQ(samples_of(second), 2u);
  EXPECT_EQ(second.pieces[0].data(), memory);
  EXPECT_EQ(second.pieces[0][1].value, 2);
}

TEST(HandOver, WakesOnceWhenThereIsMuch) {
  TagTable tags;
  int wakes = 0;
  HandOver hand_over({.when_full = WhenFull::drop, .samples_max = 100'000}, [&wakes] { ++wakes; });
  const std::vector<Sample> half(HandOver::kWakeSamples / 2, kThree[0]);
  hand_over.give(half, tags);
  EXPECT_EQ(wakes, 0);
  hand_over.give(half, tags);
  EXPECT_EQ(wakes, 1);
  hand_over.give(half, tags);
  EXPECT_EQ(wakes, 1);
}

TEST(HandOver, TheLastIsTheLast) {
  TagTable tags;
  HandOver hand_over({.when_full = WhenFull::drop, .samples_max = 100}, [] {});
  hand_over.give(kThree, tags);
  hand_over.give(kThree, tags);
  hand_over.close();
  EXPECT_FALSE(hand_over.take(3).is_last);
  EXPECT_TRUE(hand_over.take(3).is_last);
  // What comes after all the same is lost, and not in silence.
  hand_over.give(kThree, tags);
  EXPECT_EQ(hand_over.dropped(), 3u);
}

TEST(HandOver, InVirtualTimeTheGivingThreadWaits) {
  TagTable tags;
  HandOver hand_over({.when_full = WhenFull::wait, .samples_max = 3}, [] {});
  std::thread giver([&] {
    for (int i = 0; i < 100; ++i) hand_over.give(kThree, tags);
    hand_over.close();
  });
  std::size_t taken = 0;
  for (bool is_last = false; !is_last;) {
    const Handed handed = hand_over.take(3);
    taken += samples_of(handed);
    is_last = handed.is_last;
  }
  giver.join();
  EXPECT_EQ(taken, 300u);
  EXPECT_EQ(hand_over.dropped(), 0u);
}

TEST(HandOver, WhoWaitsIsReleasedWhenItIsGivenUp) {
  TagTable tags;
  HandOver hand_over({.when_full = WhenFull::wait, .samples_max = 3}, [] {});
  hand_over.give(kThree, tags);
  std::thread giver([&] { hand_over.give(kThree, tags); });
  hand_over.give_up();
  giver.join();
  EXPECT_EQ(hand_over.taken(), 6u);
  EXPECT_EQ(hand_over.dropped(), 6u);
  EXPECT_EQ(hand_over.waiting(), 0u);
}

}  // namespace
}  // namespace loader
