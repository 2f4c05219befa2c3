// Scenarios over virtual time: who starts when, and what becomes of the iterations under way at the
// end.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "loader/scenarios/scenario_runner.h"
#include "shared/sim/sim_runtime.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Started {
  lab::Duration at;
  std::size_t vu;
  IterationInfo info;
};

/// One scenario whose iterations only sleep.
struct World {
  lab::SimRuntime runtime;
  VuPool pool;
  Scenario scenario;
  ScenarioRunSettings settings;
  std::function<lab::Duration(const IterationInfo&)> iteration_duration;
  std::vector<Started> started;
  std::vector<std::string> warnings;
  std::uint64_t dropped = 0;
  std::unique_ptr<ScenarioRunner> runner;
  lab::Duration ended_at{};

  World(LoadModel model, lab::Duration iteration, lab::Duration graceful_stop = 30s)
      : scenario{"s", std::move(model), {}, graceful_stop, {}, {}, {}},
        iteration_duration([iteration](const IterationInfo&) { return iteration; }) {}

  asio::awaitable<IterationEnd> iterate(IterationInfo info) {
    started.push_back({runtime.now() - lab::TimePoint{}, info.vu, info});
    const lab::Duration duration = iteration_duration(info);
    if (duration < 0s) throw std::runtime_error("broken iteration");
    const lab::ErrorCode ec = co_await runtime.sleep_for(duration);
    co_return ec ? IterationEnd::interrupted : IterationEnd::completed;
  }

  void make_runner() {
    ScenarioHooks hooks;
    hooks.run_iteration = [this](IterationInfo info) { return iterate(info); };
    hooks.dropped = [this](std::uint64_t count) { dropped += count; };
    hooks.warn = [this](std::string message) { warnings.push_back(std::move(message)); };
    runner = std::make_unique<ScenarioRunner>(runtime, pool, scenario, settings, std::move(hooks));
  }

  asio::awaitable<void> run_scenario() {
    co_await runner->run(lab::TimePoint{});
    ended_at = runtime.now() - lab::TimePoint{};
  }

  asio::awaitable<void> act_at(lab::Duration at, std::function<void()> action) {
    co_await runtime.sleep_until(lab::TimePoint{} + at);
    action();
  }

  /// Runs the scenario; `action`, if any, at `at`.
  void run(lab::Duration at = {}, std::function<void()> action = {}) {
    make_runner();
    if (action) {
      auto acting = act_at(at, std::move(action));
      asio::co_spawn(runtime.executor(), std::move(acting), [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
      });
    }
    const auto result = runtime.run_until_complete(run_scenario());
    ASSERT_TRUE(result.has_value()) << result.error().to_string();
    EXPECT_EQ(pool.in_use(), 0u);
    EXPECT_EQ(runner->vus(), 0u);
  }

  [[nodiscard]] const ScenarioCounts& counts() const { return runner->counts(); }
};

TEST(ClosedScenario, ConstantVusLoopUntilTheDurationAndFinishGracefully) {
  World world(ConstantVus{2, 10s}, 3s);
  world.run();
  // Starts at 0, 3, 6, 9 of each VU; the last ones end at 12s, within the graceful stop.
  EXPECT_EQ(world.started.size(), 8u);
  EXPECT_EQ(world.counts().completed, 8u);
  EXPECT_EQ(world.counts().interrupted, 0u);
  EXPECT_EQ(world.ended_at, 12s);
  EXPECT_EQ(world.runner->state(), ScenarioState::done);
}

TEST(ClosedScenario, IterationsPastTheGracefulStopAreCut) {
  World world(ConstantVus{2, 10s}, 25s, 5s);
  world.run();
  EXPECT_EQ(world.counts().completed, 0u);
  EXPECT_EQ(world.counts().interrupted, 2u);
  EXPECT_EQ(world.ended_at, 15s);
}

TEST(ClosedScenario, NoIterationStartsExactlyAtTheEnd) {
  World world(ConstantVus{1, 10s}, 5s);
  world.run();
  EXPECT_EQ(world.started.size(), 2u);
  EXPECT_EQ(world.ended_at, 10s);
}

TEST(ClosedScenario, SharedIterationsGoToWhoeverIsFree) {
  World world(SharedIterations{2, 10, 10min}, 1s);
  // The first VU is three times as slow as the second.
  world.iteration_duration = [](const IterationInfo& info) { return info.vu == 0 ? 3s : 1s; };
  world.run();
  EXPECT_EQ(world.counts().completed, 10u);
  EXPECT_EQ(world.dropped, 0u);
  const auto of_first = std::count_if(world.started.begin(), world.started.end(),
                                      [](const Started& s) { return s.vu == 0; });
  EXPECT_EQ(of_first, 3);
  EXPECT_EQ(world.ended_at, 9s);
}

TEST(ClosedScenario, SharedIterationsNotStartedInTimeAreDropped) {
  World world(SharedIterations{2, 10, 4s}, 3s);
  world.run();
  EXPECT_EQ(world.counts().completed, 4u);
  EXPECT_EQ(world.dropped, 6u);
}

TEST(ClosedScenario, EachVuHasItsOwnIterations) {
  World world(PerVuIterations{3, 4, 10min}, 1s);
  world.iteration_duration = [](const IterationInfo& info) { return (1 + info.vu) * 1s; };
  world.run();
  EXPECT_EQ(world.counts().completed, 12u);
  EXPECT_EQ(world.started.back().info.iteration_in_vu, 3u);
  EXPECT_EQ(world.ended_at, 12s);
}

TEST(ClosedScenario, RampStartsVusOneByOneAndRetiresTheLastFirst) {
  World world(RampingVus{0, {{10s, 5}, {10s, 0}}, 30s}, 1s);
  world.run();
  // VU n starts at 2n seconds; its first iteration is that of index n-1.
  std::vector<lab::Duration> first(5, -1s);
  std::vector<lab::Duration> last(5, -1s);
  for (const Started& s : world.started) {
    if (first[s.vu] < 0s) first[s.vu] = s.at;
    last[s.vu] = s.at;
  }
  EXPECT_EQ(first, (std::vector<lab::Duration>{2s, 4s, 6s, 8s, 10s}));
  // The fifth retires at 12s, the first at 20s; nobody starts at the instant of retirement.
  EXPECT_EQ(last, (std::vector<lab::Duration>{19s, 17s, 15s, 13s, 11s}));
  EXPECT_EQ(world.counts().interrupted, 0u);
}

TEST(ClosedScenario, RetiredVusAreCutAfterTheGracefulRampDown) {
  World world(RampingVus{2, {{4s, 2}, {0s, 0}, {20s, 0}}, 3s}, 60s);
  world.run();
  EXPECT_EQ(world.counts().interrupted, 2u);
  EXPECT_EQ(world.ended_at, 7s);
}

TEST(ClosedScenario, AVuNeededAgainKeepsItsIteration) {
  // Down to one at 4s, up again at 6s: the second VU's iteration of 10s goes on through the dip.
  World world(RampingVus{2, {{4s, 2}, {0s, 1}, {2s, 1}, {0s, 2}, {14s, 2}}, 30s}, 10s);
  world.run();
  EXPECT_EQ(world.counts().completed, 4u);
  EXPECT_EQ(world.started.size(), 4u);
}

TEST(ClosedScenario, StartTimeDelaysEverything) {
  World world(RampingVus{1, {{3s, 1}}, 30s}, 1s);
  world.scenario.start_time = 5s;
  world.run();
  EXPECT_EQ(world.started.front().at, 5s);
  EXPECT_EQ(world.started.front().info.phase, "hold-1");
  EXPECT_EQ(world.ended_at, 8s);
}

TEST(ClosedScenario, MinIterationDurationPads) {
  World world(ConstantVus{1, 10s}, 1s);
  world.settings.min_iteration_duration = 4s;
  world.run();
  EXPECT_EQ(world.started.size(), 3u);
}

TEST(ClosedScenario, CutEndsAtOnce) {
  World world(ConstantVus{3, 1h}, 10min);
  world.run(10s, [&] { world.runner->cut(); });
  EXPECT_EQ(world.counts().interrupted, 3u);
  EXPECT_EQ(world.ended_at, 10s);
}

TEST(ClosedScenario, ACutBeforeTheStartLeavesNothingToRun) {
  World world(ConstantVus{3, 1h}, 1s);
  world.scenario.start_time = 10min;
  world.run(10s, [&] { world.runner->cut(); });
  EXPECT_TRUE(world.started.empty());
  EXPECT_EQ(world.ended_at, 10s);
}

TEST(ClosedScenario, AnExceptionOfAnIterationEndsTheScenarioAndComesOut) {
  World world(ConstantVus{3, 1h}, 1s);
  world.iteration_duration = [](const IterationInfo& info) {
    return info.iteration_in_scenario == 10 ? -1s : 1s;
  };
  world.make_runner();
  EXPECT_THROW((void)world.runtime.run_until_complete(world.run_scenario()), std::runtime_error);
  EXPECT_EQ(world.pool.in_use(), 0u);
}

TEST(ClosedScenario, ThreadsShareTheVusOfAScenario) {
  for (const std::uint64_t part : {0u, 1u}) {
    World world(ConstantVus{5, 10s}, 1s);
    world.settings.share = ScenarioShare().split(part, 2);
    world.run();
    EXPECT_EQ(world.started.size(), part == 0 ? 30u : 20u);
    // Numbers of iterations are unique over both.
    EXPECT_EQ(world.started[1].info.iteration_in_scenario, part + 2);
  }
}

TEST(OpenScenario, StartsOnTimeWhateverTheIterationsTake) {
  World world(ConstantArrivalRate{10, 1s, 5s, {40, 40}}, 3s);
  world.run();
  ASSERT_EQ(world.started.size(), 50u);
  EXPECT_EQ(world.started[7].at, 700ms);
  EXPECT_EQ(world.started[7].info.intended_start, lab::TimePoint{} + 700ms);
  EXPECT_EQ(world.dropped, 0u);
  EXPECT_EQ(world.ended_at, 7900ms);
}

TEST(OpenScenario, WithoutAnIdleVuItDropsAndAddsOneUpToTheMaximum) {
  World world(ConstantArrivalRate{10, 1s, 2s, {1, 3}}, 10s);
  world.run();
  // Started: at 0; dropped at 100ms (one VU more); started at 200ms; dropped; started at 400ms; the
  // rest dropped.
  ASSERT_EQ(world.started.size(), 3u);
  EXPECT_EQ(world.started[1].at, 200ms);
  EXPECT_EQ(world.started[2].at, 400ms);
  EXPECT_EQ(world.dropped, 17u);
  ASSERT_EQ(world.warnings.size(), 1u);
  EXPECT_EQ(world.warnings[0], "Insufficient VUs, reached 3 active VUs and cannot initialize more");
}

TEST(OpenScenario, LastsUntilItsRegularEndAndCutsAfterTheGracefulStop) {
  World idle(ConstantArrivalRate{1, 10s, 15s, {2, 2}}, 1s);
  idle.run();
  EXPECT_EQ(idle.ended_at, 15s);
  World slow(ConstantArrivalRate{1, 10s, 15s, {2, 2}}, 60s, 5s);
  slow.run();
  EXPECT_EQ(slow.counts().interrupted, 2u);
  EXPECT_EQ(slow.ended_at, 20s);
}

TEST(OpenScenario, RampingAndPoissonRatesReleaseTheirCounts) {
  World ramping(RampingArrivalRate{0, 1s, {{10s, 20}, {10s, 20}}, {50, 50}}, 1s);
  ramping.run();
  EXPECT_EQ(ramping.started.size(), 300u);
  World poisson(PoissonArrivalRate{100, 1s, 100s, {200, 200}}, 1s);
  poisson.run();
  EXPECT_NEAR(static_cast<double>(poisson.started.size()), 10'000, 400);
}

TEST(OpenScenario, CutEndsItAtOnce) {
  World cut(ConstantArrivalRate{1, 1s, 1h, {100, 100}}, 7s);
  cut.run(10500ms, [&] { cut.runner->cut(); });
  EXPECT_EQ(cut.counts().completed, 4u);
  EXPECT_EQ(cut.counts().interrupted, 7u);
  EXPECT_EQ(cut.ended_at, 10500ms);
}

TEST(OpenScenario, AnExceptionOfAnIterationEndsTheScenarioAndComesOut) {
  World world(ConstantArrivalRate{10, 1s, 1h, {10, 10}}, 500ms);
  world.iteration_duration = [](const IterationInfo& info) {
    return info.iteration_in_scenario == 10 ? -1s : 1s;
  };
  world.make_runner();
  EXPECT_THROW((void)world.runtime.run_until_complete(world.run_scenario()), std::runtime_error);
}

TEST(OpenScenario, StartsThatNoMachineMakesAreDroppedInBulk) {
  // A start each nanosecond, two VUs, iterations of a second: six are run, and each other is
  // counted.
  World constant(ConstantArrivalRate{1, 1ns, 3s, {2, 2}}, 1s);
  constant.run();
  EXPECT_EQ(constant.started.size(), 6u);
  EXPECT_EQ(constant.dropped, 3'000'000'000u - 6);
  EXPECT_LT(constant.runtime.events_run(), 20'000u);
  // The ramp's area is a billion and a half.
  World ramping(RampingArrivalRate{0, 1s, {{3s, 1'000'000'000}}, {2, 2}}, 1s);
  ramping.run();
  EXPECT_NEAR(static_cast<double>(ramping.dropped), 1.5e9, 10);
  World poisson(PoissonArrivalRate{1'000'000'000, 1s, 3s, {2, 2}}, 1s);
  poisson.run();
  EXPECT_NEAR(static_cast<double>(poisson.dropped), 3e9, 1e6);
}

TEST(OpenScenario, AVuThatBecomesIdleTakesTheNextArrivalAlsoWhereTheyAreCountedInBulk) {
  // 10,000 a second, one VU that needs 2.55 ms: it is idle in the middle of a gap of 100 us.
  World world(ConstantArrivalRate{10'000, 1s, 1s, {1, 1}}, 2550us);
  world.run();
  ASSERT_EQ(world.started.size(), 385u);
  EXPECT_EQ(world.started[1].at, 2600us);
  EXPECT_EQ(world.started[1].info.intended_start, lab::TimePoint{} + 2600us);
  EXPECT_EQ(world.started[2].at, 5200us);
  EXPECT_EQ(world.dropped, 10'000u - 385);
}

TEST(OpenScenario, ACutIsHeardAtAnyRate) {
  World world(ConstantArrivalRate{1, 1ns, 1h, {1000, 1000}}, 1s);
  world.run(1500ms, [&] { world.runner->cut(); });
  EXPECT_EQ(world.counts().completed, 1000u);
  EXPECT_EQ(world.counts().interrupted, 1000u);
  EXPECT_EQ(world.ended_at, 1500ms);
}

}  // namespace
}  // namespace loader
