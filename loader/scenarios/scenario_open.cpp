#include "loader/scenarios/scenario_open.h"

#include "loader/scenarios/arrival_pacer.h"

namespace loader {

namespace asio = boost::asio;

namespace {

ArrivalPacer pacer_of(const LoadModel& model, const ScenarioRunSettings& settings) {
  if (const auto* ramping = std::get_if<RampingArrivalRate>(&model)) {
    return RampingArrivalPacer(*ramping, settings.share.starts);
  }
  if (const auto* poisson = std::get_if<PoissonArrivalRate>(&model)) {
    return PoissonArrivalPacer(*poisson, settings.share.starts, settings.rng);
  }
  return ConstantArrivalPacer(std::get<ConstantArrivalRate>(model), settings.share.starts);
}

}  // namespace

asio::awaitable<void> OpenScenario::run() {
  const LoadModel& model = core_.scenario.model;
  const OpenVus::Settings settings{.size = pool_size(model, core_.settings.share.vus)};
  vus_.emplace(core_, settings);
  ArrivalPacer pacer = pacer_of(model, core_.settings);
  co_await vus_->start_iterations(&pacer, core_.start, regular_duration(model));
  if (core_.state == ScenarioState::running) core_.state = ScenarioState::stopping;
  co_await vus_->wait_until_idle(core_.runtime.now() + core_.scenario.graceful_stop);
  vus_->release();
}

void OpenScenario::cut() {
  if (vus_) vus_->cut();
}

}  // namespace loader
