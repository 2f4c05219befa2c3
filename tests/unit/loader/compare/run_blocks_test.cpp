#include "loader/compare/run_blocks.h"

#include <gtest/gtest.h>

#include "loader/compare/compared_parts.h"

namespace loader {
namespace {

OverTime run_of(std::size_t windows) {
  OverTime run{.window = std::chrono::seconds(1)};
  RequestSeries series{.scenario = "s", .model = "m", .first = 2};
  for (std::size_t i = 0; i < windows; ++i) {
    series.windows.push_back({.requests = 10, .failed = 1, .tokens_out = 100});
  }
  run.series = {series};
  return run;
}

TEST(RunBlocks, PutNeighboursTogether) {
  struct BlockCase {
    std::size_t windows;
    std::size_t blocks;
  };
  constexpr BlockCase kCases[]{{1, 1}, {40, 40}, {41, 21}, {80, 40}, {150, 38}, {240, 40}};
  for (const BlockCase& each : kCases) {
    const RunBlocks run = run_blocks(run_of(each.windows), 0);
    EXPECT_EQ(run.strata, std::vector<std::size_t>{each.blocks});
    std::uint64_t requests = 0;
    std::uint64_t most = 0;
    std::uint64_t least = 10'000;
    for (const SeriesBlock& block : run.series.at(0).blocks) {
      requests += block.requests;
      most = std::max(most, block.requests);
      least = std::min(least, block.requests);
    }
    EXPECT_EQ(requests, 10 * each.windows);
    EXPECT_LE(most - least, 10u);
  }
}

TEST(RunBlocks, AreOfAPhaseWithAllItsModels) {
  OverTime run = run_of(10);
  RequestSeries other = run.series[0];
  other.model = "n";
  other.first = 0;
  RequestSeries phase = other;
  phase.phase = "hold";
  run.series.push_back(other);
  run.series.push_back(phase);
  const RunBlocks blocks = run_blocks(run, 0);
  // Windows 0 to 11 of the first two, which are drawn together.
  EXPECT_EQ(blocks.strata, (std::vector<std::size_t>{12, 10}));
  EXPECT_EQ(blocks.series[0].stratum, blocks.series[1].stratum);
  EXPECT_EQ(blocks.series[0].blocks[0].requests, 0u);
  EXPECT_EQ(blocks.series[1].blocks[0].requests, 10u);
}

TEST(RunBlocks, CountWhatIsTimed) {
  OverTime run = run_of(10);
  run.users = std::vector<UserWindow>(12, {.iterations = 5, .dropped = 1});
  const RunBlocks blocks = run_blocks(run, 7);
  EXPECT_EQ(blocks.seconds, 7);
  std::uint64_t timed = 0;
  for (const SeriesBlock& block : blocks.series[0].blocks) timed += block.timed_successes;
  EXPECT_EQ(timed, 45u);  // Of windows 2 to 6, in each of which one of ten fails.
  std::uint64_t iterations = 0;
  for (const UserBlock& block : blocks.users) iterations += block.timed_iterations;
  EXPECT_EQ(iterations, 35u);
}

TEST(TimedWindows, AreWholeInBoth) {
  struct TimedCase {
    std::size_t a;
    std::size_t b;
    std::size_t timed_a;
    std::size_t timed_b;
  };
  constexpr TimedCase kCases[]{
      {152, 151, 150, 150}, {10, 12, 9, 9}, {100, 200, 99, 199}, {1, 1, 0, 0}, {0, 0, 0, 0}};
  for (const TimedCase& each : kCases) {
    const TimedWindows timed = timed_windows(each.a, each.b);
    EXPECT_EQ(timed.a, each.timed_a) << each.a << " " << each.b;
    EXPECT_EQ(timed.b, each.timed_b);
  }
}

TEST(ComparedParts, AreThoseThatBothHaveAndARunHasSeveralOf) {
  const auto run = [](const std::vector<RequestSeries>& series) {
    return run_blocks({.window = std::chrono::seconds(1), .series = series}, 0);
  };
  const std::vector<RequestWindow> some(3);
  const RunBlocks a = run({{.scenario = "x", .phase = "p", .model = "m", .windows = some},
                           {.scenario = "x", .phase = "q", .model = "m", .windows = some},
                           {.scenario = "y", .model = "n", .windows = some}});
  const RunBlocks b = run({{.scenario = "x", .phase = "q", .model = "n", .windows = some},
                           {.scenario = "x", .phase = "r", .model = "", .windows = some},
                           {.scenario = "z", .model = "m", .windows = some}});
  std::vector<std::string> names;
  for (const ComparedPart& part : compared_parts(a, b)) names.push_back(part.name);
  EXPECT_EQ(names, (std::vector<std::string>{"", "scenario x", "x: q", "model m", "model n"}));
  EXPECT_EQ(compared_parts(a, b)[1].a, (SeriesGroup{0, 1}));
}

}  // namespace
}  // namespace loader
