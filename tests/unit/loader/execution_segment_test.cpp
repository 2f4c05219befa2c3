#include "loader/scenarios/execution_segment.h"

#include <gtest/gtest.h>

#include <array>

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

}  // namespace
}  // namespace loader
