#include "loader/scenarios/arrival_pacer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace loader {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

template <class Pacer>
std::vector<lab::Duration> all(Pacer pacer) {
  std::vector<lab::Duration> offsets;
  while (const auto offset = pacer.next()) offsets.push_back(*offset);
  return offsets;
}

TEST(ConstantArrivalPacer, ReleasesOnePerPeriodFromZero) {
  const auto offsets = all(ConstantArrivalPacer({50, seconds(1), seconds(10), {}}, {}));
  ASSERT_EQ(offsets.size(), 500u);
  EXPECT_EQ(offsets[0], seconds(0));
  EXPECT_EQ(offsets[1], milliseconds(20));
  EXPECT_EQ(offsets[499], milliseconds(9980));
}

TEST(ConstantArrivalPacer, TruncatesThePeriodAndNotEachOffset) {
  const auto offsets = all(ConstantArrivalPacer({3, seconds(1), seconds(2), {}}, {}));
  EXPECT_EQ(offsets[2], lab::Duration(666'666'666));
  EXPECT_EQ(offsets[6], lab::Duration(1'999'999'998));
}

TEST(ConstantArrivalPacer, SegmentsInterleave) {
  const auto share = ExecutionShare::of(parse_execution_segment("1/2:3/4").value(),
                                        parse_execution_segment_sequence("0,1/2,3/4,1").value());
  const auto offsets = all(ConstantArrivalPacer({10, seconds(1), seconds(1), {}}, share.value()));
  EXPECT_EQ(offsets,
            (std::vector<lab::Duration>{milliseconds(100), milliseconds(500), milliseconds(900)}));
}

TEST(RampingArrivalPacer, ReleasesWhereTheAreaReachesTheNextWhole) {
  // startRate 2, stages 5s to 2, 5s to 3. k6 divides by a rate per nanosecond and truncates, so a
  // nanosecond may lack.
  const auto offsets =
      all(RampingArrivalPacer({2, seconds(1), {{seconds(5), 2}, {seconds(5), 3}}, {}}, {}));
  EXPECT_NEAR(lab::to_seconds(offsets[0]), 0.5, 2e-9);
  EXPECT_NEAR(lab::to_seconds(offsets[1]), 1.0, 2e-9);
  EXPECT_NEAR(lab::to_seconds(offsets[9]), 5.0, 2e-9);
  // 2x + 0.1x² = 1.
  EXPECT_NEAR(lab::to_seconds(offsets[10]), 5.488088, 1e-6);
  EXPECT_EQ(offsets.size(), 22u);
}

TEST(RampingArrivalPacer, RampingRateReleasesTriangularCount) {
  const auto offsets = all(RampingArrivalPacer({0, seconds(1), {{seconds(10), 20}}, {}}, {}));
  ASSERT_EQ(offsets.size(), 100u);
  // Area t² reaches 1 at 1s, 4 at 2s, 100 at the end.
  EXPECT_NEAR(lab::to_seconds(offsets[0]), 1.0, 1e-6);
  EXPECT_NEAR(lab::to_seconds(offsets[3]), 2.0, 1e-6);
  EXPECT_NEAR(lab::to_seconds(offsets[99]), 10.0, 1e-6);
}

TEST(RampingArrivalPacer, FractionsCarryAcrossStagesAndJumps) {
  // 1.5 events in the first second and a half, then a jump to 4 per second.
  const auto offsets = all(RampingArrivalPacer(
      {1, seconds(1), {{milliseconds(1500), 1}, {seconds(0), 4}, {seconds(1), 4}}, {}}, {}));
  ASSERT_EQ(offsets.size(), 5u);
  EXPECT_NEAR(lab::to_seconds(offsets[0]), 1.0, 2e-9);
  EXPECT_NEAR(lab::to_seconds(offsets[1]), 1.625, 2e-9);
  EXPECT_NEAR(lab::to_seconds(offsets[2]), 1.875, 2e-9);
}

TEST(RampingArrivalPacer, RampsDownToZeroWithoutNaN) {
  const auto offsets =
      all(RampingArrivalPacer({10, seconds(1), {{seconds(4), 0}, {seconds(2), 0}}, {}}, {}));
  ASSERT_EQ(offsets.size(), 20u);
  EXPECT_NEAR(lab::to_seconds(offsets[19]), 4.0, 1e-3);
  EXPECT_LE(offsets[19], seconds(4));
}

TEST(RampingArrivalPacer, SegmentsTakeTheirEventsOfTheOneSequence) {
  const RampingArrivalRate model{0, seconds(1), {{seconds(10), 20}}, {}};
  const auto whole = all(RampingArrivalPacer(model, {}));
  const auto second = all(RampingArrivalPacer(model, ExecutionShare().split(1, 2)));
  ASSERT_EQ(second.size(), 50u);
  EXPECT_EQ(second[0], whole[1]);
  EXPECT_EQ(second[49], whole[99]);
}

TEST(PoissonArrivalPacer, HasItsMeanRateAndVariance) {
  const auto offsets =
      all(PoissonArrivalPacer({100, seconds(1), seconds(1000), {}}, {}, lab::Rng(1)));
  // 100,000 expected, standard deviation 316.
  EXPECT_NEAR(static_cast<double>(offsets.size()), 100'000, 1500);
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    const double gap = lab::to_seconds(offsets[i] - offsets[i - 1]);
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / static_cast<double>(offsets.size() - 1);
  EXPECT_NEAR(mean, 0.01, 0.0002);
  // An exponential's coefficient of variation is 1; a constant's would be 0.
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(offsets.size() - 1) - mean * mean) / mean,
              1.0, 0.02);
}

TEST(PoissonArrivalPacer, SameSeedSameArrivalsAndSegmentsShareThem) {
  const PoissonArrivalRate model{50, seconds(1), seconds(20), {}};
  const auto whole = all(PoissonArrivalPacer(model, {}, lab::Rng(7)));
  EXPECT_EQ(whole, all(PoissonArrivalPacer(model, {}, lab::Rng(7))));
  EXPECT_NE(whole, all(PoissonArrivalPacer(model, {}, lab::Rng(8))));
  const auto odd = all(PoissonArrivalPacer(model, ExecutionShare().split(1, 2), lab::Rng(7)));
  EXPECT_EQ(odd[0], whole[1]);
  EXPECT_EQ(odd[5], whole[11]);
}

// What next() gives from `limit` on, counted the slow way and left out in bulk.
template <class Pacer>
void expect_skips_like_next(const Pacer& pacer, lab::Duration limit) {
  Pacer one_by_one = pacer;
  std::uint64_t before = 0;
  auto expected = one_by_one.next();
  for (; expected && *expected < limit; expected = one_by_one.next()) ++before;
  Pacer in_bulk = pacer;
  EXPECT_EQ(in_bulk.skip_before(limit), before) << limit.count();
  EXPECT_EQ(in_bulk.next(), expected) << limit.count();
  // Nothing is left out twice.
  EXPECT_EQ(in_bulk.skip_before(limit), 0u) << limit.count();
}

TEST(ArrivalPacer, LeavesOutInBulkWhatItWouldGiveOneByOne) {
  const ExecutionShare third = ExecutionShare().split(1, 3);
  for (const std::int64_t ns :
       {0L, 1L, 83'333'333L, 83'333'334L, 1'000'000'000L, 1'999'999'999L, 2'000'000'000L,
        2'500'000'001L, 7'000'000'000L, 9'000'000'000L, 60'000'000'000L}) {
    const lab::Duration limit(ns);
    for (const ExecutionShare& share : {ExecutionShare(), third}) {
      expect_skips_like_next(ConstantArrivalPacer({12, seconds(1), seconds(5), {}}, share), limit);
      expect_skips_like_next(RampingArrivalPacer({0,
                                                  seconds(1),
                                                  {{seconds(2), 20},
                                                   {seconds(1), 0},
                                                   {seconds(2), 0},
                                                   {seconds(0), 7},
                                                   {seconds(3), 7},
                                                   {seconds(3), 0}},
                                                  {}},
                                                 share),
                             limit);
      expect_skips_like_next(
          PoissonArrivalPacer({40, seconds(1), seconds(5), {}}, share, lab::Rng(3)), limit);
    }
  }
}

TEST(ArrivalPacer, LeavingOutABillionASecondTakesNoTime) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const lab::Duration unit(1);
  ConstantArrivalPacer constant({1, unit, std::chrono::hours(10), {}}, {});
  EXPECT_EQ(constant.skip_before(seconds(30'000)), 30'000 * kSecond);
  EXPECT_EQ(constant.next(), seconds(30'000));
  RampingArrivalPacer ramping({1, unit, {{std::chrono::hours(10), 1}}, {}}, {});
  EXPECT_NEAR(static_cast<double>(ramping.skip_before(seconds(30'000))), 3e13, 10);
  PoissonArrivalPacer poisson({1, unit, std::chrono::hours(10), {}}, {}, lab::Rng(1));
  EXPECT_NEAR(static_cast<double>(poisson.skip_before(seconds(30'000))), 3e13, 1e8);
  EXPECT_GE(*poisson.next(), seconds(30'000));
}

}  // namespace
}  // namespace loader
