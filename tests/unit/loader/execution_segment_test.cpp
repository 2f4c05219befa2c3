#include "loader/scenarios/execution_segment.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace loader {
namespace {

ExecutionShare share_of(std::string_view segment, std::string_view sequence) {
  return ExecutionShare::of(parse_execution_segment(segment).value(),
                            parse_execution_segment_sequence(sequence).value())
      .value();
}

TEST(ExecutionSegment, ParsesEveryFormOfK6) {
  EXPECT_EQ(parse_execution_segment("10%").value(), (ExecutionSegment{{0, 1}, {1, 10}}));
  EXPECT_EQ(parse_execution_segment("1/3").value(), (ExecutionSegment{{0, 1}, {1, 3}}));
  EXPECT_EQ(parse_execution_segment("0.2").value(), (ExecutionSegment{{0, 1}, {1, 5}}));
  EXPECT_EQ(parse_execution_segment("1/3:2/3").value(), (ExecutionSegment{{1, 3}, {2, 3}}));
}

TEST(ExecutionSegment, RefusesWhatIsOutsideZeroToOneOrEmpty) {
  for (const std::string_view text :
       {"", "x", "0", "2", "1/2:1/2", "0.5:0.2", "1/0", "-1:1", "0:1/3:1"}) {
    EXPECT_TRUE(parse_execution_segment(text).has_error()) << text;
  }
  EXPECT_TRUE(parse_execution_segment_sequence("0,1/2").has_error());
  EXPECT_TRUE(parse_execution_segment_sequence("0,1/2,1/3,1").has_error());
}

TEST(ExecutionShare, StripesElementsAsK6Does) {
  // sequence 0,1/2,3/4,1.
  const ExecutionShare half = share_of("0:1/2", "0,1/2,3/4,1");
  const ExecutionShare third = share_of("1/2:3/4", "0,1/2,3/4,1");
  const ExecutionShare last = share_of("3/4:1", "0,1/2,3/4,1");
  EXPECT_EQ((std::array{half.element(0), half.element(1), half.element(2)}),
            (std::array<std::uint64_t, 3>{0, 2, 4}));
  EXPECT_EQ((std::array{third.element(0), third.element(1), third.element(2)}),
            (std::array<std::uint64_t, 3>{1, 5, 9}));
  EXPECT_EQ((std::array{last.element(0), last.element(1), last.element(2)}),
            (std::array<std::uint64_t, 3>{3, 7, 11}));
  // Values scale to parts that sum to the whole.
  EXPECT_EQ((std::array{half.scale(5), third.scale(5), last.scale(5)}),
            (std::array<std::uint64_t, 3>{3, 1, 1}));
  EXPECT_EQ((std::array{half.scale(10), third.scale(10), last.scale(10)}),
            (std::array<std::uint64_t, 3>{5, 3, 2}));
}

TEST(ExecutionShare, EveryElementBelongsToExactlyOneInstance) {
  const std::array shares{share_of("0:1/3", "0,1/3,0.4,1"), share_of("1/3:0.4", "0,1/3,0.4,1"),
                          share_of("0.4:1", "0,1/3,0.4,1")};
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(shares[0].owns(i) + shares[1].owns(i) + shares[2].owns(i), 1) << i;
    EXPECT_EQ(shares[0].scale(i) + shares[1].scale(i) + shares[2].scale(i), i);
  }
}

TEST(ExecutionShare, SegmentWithoutSequenceIsFilledUp) {
  const ExecutionShare share =
      ExecutionShare::of(parse_execution_segment("1/4:1/2").value(), {}).value();
  EXPECT_DOUBLE_EQ(share.fraction(), 0.25);
  EXPECT_EQ(share.scale(100), 25u);
}

TEST(ExecutionShare, ThreadsPartitionAnInstance) {
  const ExecutionShare instance = share_of("1/2:3/4", "0,1/2,3/4,1");
  const ExecutionShare first = instance.split(0, 2);
  const ExecutionShare second = instance.split(1, 2);
  EXPECT_EQ(first.element(0), 1u);
  EXPECT_EQ(second.element(0), 5u);
  EXPECT_EQ(first.element(1), 9u);
  EXPECT_EQ(first.scale(37) + second.scale(37), instance.scale(37));
}

TEST(ExecutionShare, RefusesASegmentOutsideItsSequence) {
  EXPECT_TRUE(ExecutionShare::of(parse_execution_segment("0:1/3").value(),
                                 parse_execution_segment_sequence("0,1/2,1").value())
                  .has_error());
}

// What each instance starts of `starts` that `vus` VUs of all instances share.
std::vector<std::uint64_t> starts_by_instance(const char* sequence, std::uint64_t vus,
                                              std::uint64_t starts) {
  const auto segments = parse_execution_segment_sequence(sequence).value();
  std::vector<std::uint64_t> counts;
  for (const ExecutionSegment& segment : segments) {
    const auto share = ExecutionShare::of(segment, segments).value().by_vus(vus);
    counts.push_back(share ? share->scale(starts) : 0);
  }
  return counts;
}

TEST(ExecutionShare, WhatVusShareIsStripedByTheVusAsInK6) {
  struct Case {
    const char* sequence;
    std::uint64_t vus;
    std::uint64_t starts;
    std::vector<std::uint64_t> expected;
  };
  const std::vector<Case> cases{
      {"0,1/2,1", 1, 10, {10, 0}},
      {"0,1/3,2/3,1", 2, 25, {13, 12, 0}},
      {"0,1/3,2/3,1", 5, 23, {9, 9, 5}},
      // Worked out with fractions, element by element, from the rule alone.
      {"0,1/2,1", 4, 25, {13, 12}},
      {"0,1/2,1", 2, 64, {32, 32}},
      {"0,1/2,1", 10, 10, {5, 5}},
      {"0,1/2,1", 2, 7, {4, 3}},
      {"0,1/2,1", 1, 64, {64, 0}},
      {"0,1/3,2/3,1", 11, 25, {9, 9, 7}},
      {"0,1/3,2/3,1", 31, 1, {1, 0, 0}},
      {"0,1/3,2/3,1", 4, 100, {50, 25, 25}},
      {"0,1/3,2/3,1", 11, 50, {18, 18, 14}},
      {"0,1/3,2/3,1", 5, 10, {4, 4, 2}},
      {"0,1/4,1/2,3/4,1", 60, 7, {2, 2, 2, 1}},
      {"0,1/4,1/2,3/4,1", 5, 23, {9, 5, 5, 4}},
      {"0,1/4,1/2,3/4,1", 1, 1000, {1000, 0, 0, 0}},
      {"0,1/4,1/2,3/4,1", 31, 25, {7, 6, 6, 6}},
      {"0,1/2,3/4,1", 4, 10, {5, 3, 2}},
      {"0,1/2,3/4,1", 5, 25, {15, 5, 5}},
      {"0,1/2,3/4,1", 17, 50, {26, 12, 12}},
      {"0,1/2,3/4,1", 2, 137, {69, 68, 0}},
      {"0,1/2,3/4,1", 7, 1000, {571, 286, 143}},
      {"0,1/5,1", 8, 100, {25, 75}},
      {"0,1/5,1", 4, 10, {3, 7}},
      {"0,1/5,1", 4, 99, {25, 74}},
      {"0,1/5,1", 5, 7, {2, 5}},
      {"0,1/5,1", 60, 100, {20, 80}},
      {"0,1/10,1/2,1", 60, 25, {2, 10, 13}},
      {"0,1/10,1/2,1", 1, 25, {0, 0, 25}},
      {"0,1/10,1/2,1", 13, 25, {2, 10, 13}},
      {"0,1/10,1/2,1", 60, 100, {10, 40, 50}},
      {"0,1/10,1/2,1", 4, 64, {0, 32, 32}},
      {"0,1/3,2/5,1", 8, 137, {51, 0, 86}},
      {"0,1/3,2/5,1", 5, 64, {26, 0, 38}},
      {"0,1/3,2/5,1", 10, 10, {3, 1, 6}},
      {"0,1/3,2/5,1", 4, 25, {13, 0, 12}},
      {"0,1/3,2/5,1", 5, 1, {0, 0, 1}},
      {"0,1/6,1/2,7/10,1", 2, 1, {0, 1, 0, 0}},
      {"0,1/6,1/2,7/10,1", 10, 1000, {100, 400, 200, 300}},
      {"0,1/6,1/2,7/10,1", 5, 100, {0, 40, 20, 40}},
      {"0,1/6,1/2,7/10,1", 11, 1000, {91, 364, 182, 363}},
      {"0,1/6,1/2,7/10,1", 10, 50, {5, 20, 10, 15}},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(starts_by_instance(each.sequence, each.vus, each.starts), each.expected)
        << each.sequence << ", " << each.vus << " VUs, " << each.starts << " starts";
  }
}

TEST(ExecutionShare, EveryStartOfEveryNumberOfVusBelongsToExactlyOneInstance) {
  for (const char* const sequence : {"0,1/3,2/5,1", "0,1/7,1/2,3/4,1", "0,0.15,0.55,1"}) {
    const auto segments = parse_execution_segment_sequence(sequence).value();
    for (std::uint64_t vus = 1; vus < 45; ++vus) {
      std::vector<int> owners(100, 0);
      for (const ExecutionSegment& segment : segments) {
        const ExecutionShare whole = ExecutionShare::of(segment, segments).value();
        const auto share = whole.by_vus(vus);
        // An instance with a VU has something to do, one without has not.
        ASSERT_EQ(share.has_value(), whole.scale(vus) > 0);
        for (std::size_t i = 0; share && i < owners.size(); ++i) owners[i] += share->owns(i);
      }
      EXPECT_EQ(owners, std::vector<int>(100, 1)) << sequence << ", " << vus << " VUs";
    }
  }
}

}  // namespace
}  // namespace loader
