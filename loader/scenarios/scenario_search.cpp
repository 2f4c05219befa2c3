#include "loader/scenarios/scenario_search.h"

#include <cassert>

#include "loader/scenarios/arrival_pacer.h"

namespace loader {

namespace asio = boost::asio;

namespace {

ScenarioCounts difference(const ScenarioCounts& now, const ScenarioCounts& before) {
  return {.started = now.started - before.started,
          .completed = now.completed - before.completed,
          .interrupted = now.interrupted - before.interrupted,
          .failed = now.failed - before.failed,
          .dropped = now.dropped - before.dropped};
}

}  // namespace

SearchScenario::SearchScenario(ScenarioCore& core)
    : core_(core), model_(std::get<SaturationSearch>(core.scenario.model)), search_(model_) {
  assert(core_.hooks.level_begins && core_.hooks.judge_level);
}

asio::awaitable<void> SearchScenario::run() {
  // A VU that does not exist yet is no sign of a gateway's limit; only running out of maxVUs is.
  const OpenVus::Settings settings{
      .size = pool_size(core_.scenario.model, core_.settings.share.vus),
      .growth = OpenVus::Growth::without_a_drop};
  vus_.emplace(core_, settings);
  while (!core_.is_cut) {
    const auto rate = search_.rate();
    if (!rate) break;
    co_await run_level(*rate);
  }
  core_.level.clear();
  vus_->release();
}

asio::awaitable<void> SearchScenario::run_level(std::uint64_t rate) {
  const lab::TimePoint start = core_.runtime.now();
  const ScenarioCounts before = core_.counts;
  core_.level = level_name(rate);
  core_.hooks.level_begins(core_.level);
  ArrivalPacer pacer = ConstantArrivalPacer({.rate = rate,
                                             .time_unit = model_.time_unit,
                                             .duration = model_.step_duration,
                                             .vus = model_.vus},
                                            core_.settings.share.starts);
  co_await vus_->start_iterations(&pacer, start, model_.step_duration);
  co_await vus_->wait_until_idle(core_.runtime.now() + core_.scenario.graceful_stop);
  // A level that was not carried through says nothing.
  if (core_.is_cut) co_return;
  const LevelEnd end{.rate = rate,
                     .counts = difference(core_.counts, before),
                     .duration = core_.runtime.now() - start};
  search_.judge(core_.hooks.judge_level(end));
}

void SearchScenario::cut() {
  if (vus_) vus_->cut();
}

}  // namespace loader
