#include "loader/scenarios/scenario_runner.h"

#include <exception>
#include <utility>

#include "loader/scenarios/scenario_closed.h"
#include "loader/scenarios/scenario_open.h"
#include "loader/scenarios/scenario_search.h"

namespace loader {

namespace asio = boost::asio;

ScenarioRunner::ScenarioRunner(lab::Runtime& runtime, VuPool& pool, const Scenario& scenario,
                               ScenarioRunSettings settings, ScenarioHooks hooks)
    : core_{runtime, pool, scenario, std::move(settings), std::move(hooks)} {
  if (std::holds_alternative<SaturationSearch>(scenario.model)) {
    search_ = std::make_unique<SearchScenario>(core_);
  } else if (is_open(scenario.model)) {
    open_ = std::make_unique<OpenScenario>(core_);
  } else {
    closed_ = std::make_unique<ClosedScenario>(core_);
  }
}

ScenarioRunner::~ScenarioRunner() = default;

asio::awaitable<void> ScenarioRunner::run(lab::TimePoint run_start) {
  if (!core_.settings.has_work) {
    core_.state = ScenarioState::done;
    co_return;
  }
  core_.start = run_start + core_.scenario.start_time;
  while (!core_.is_cut && core_.runtime.now() < core_.start) {
    co_await core_.wakeup.wait_until(core_.start);
  }
  if (!core_.is_cut) {
    core_.state = ScenarioState::running;
    if (search_) {
      co_await search_->run();
    } else if (open_) {
      co_await open_->run();
    } else {
      co_await closed_->run();
    }
  }
  core_.state = core_.is_cut ? ScenarioState::interrupted : ScenarioState::done;
  if (core_.error) std::rethrow_exception(core_.error);
}

void ScenarioRunner::cut() {
  if (core_.is_cut || core_.state == ScenarioState::done) return;
  core_.is_cut = true;
  if (search_) {
    search_->cut();
  } else if (open_) {
    open_->cut();
  } else {
    closed_->cut();
  }
  core_.wakeup.notify();
}

std::uint64_t ScenarioRunner::active_vus() const {
  if (search_) return search_->active_vus();
  return open_ ? open_->active_vus() : closed_->vus();
}

std::uint64_t ScenarioRunner::vus() const {
  if (search_) return search_->vus();
  return open_ ? open_->vus() : closed_->vus();
}

}  // namespace loader
