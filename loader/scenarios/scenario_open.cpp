#include "loader/scenarios/scenario_open.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <string>
#include <utility>

namespace loader {

namespace asio = boost::asio;

namespace {

// Once everything is cut there is nothing left to wait for but the coroutines' ends, which come at
// once.
constexpr lab::Duration kUnwindCheck = std::chrono::minutes(1);

ArrivalPacer pacer_of(const LoadModel& model, const ScenarioRunSettings& settings) {
  if (const auto* ramping = std::get_if<RampingArrivalRate>(&model)) {
    return RampingArrivalPacer(*ramping, settings.share);
  }
  if (const auto* poisson = std::get_if<PoissonArrivalRate>(&model)) {
    return PoissonArrivalPacer(*poisson, settings.share, settings.rng);
  }
  return ConstantArrivalPacer(std::get<ConstantArrivalRate>(model), settings.share);
}

VuPoolSize size_of(const LoadModel& model, const ExecutionShare& share) {
  const VuPoolSize whole = std::visit(
      []<class Model>(const Model& m) {
        if constexpr (requires { m.vus.max; }) {
          return m.vus;
        } else {
          return VuPoolSize{};
        }
      },
      model);
  return {share.scale(whole.pre_allocated), share.scale(whole.max)};
}

}  // namespace

OpenScenario::OpenScenario(ScenarioCore& core)
    : core_(core),
      pacer_(pacer_of(core.scenario.model, core.settings)),
      size_(size_of(core.scenario.model, core.settings.share)) {}

asio::awaitable<void> OpenScenario::run() {
  for (std::uint64_t i = 0; i < size_.pre_allocated; ++i) add_vu();
  co_await release_iterations();
  co_await wait_for_the_last();
  for (const Vu& vu : vus_) core_.pool.release(vu.vu);
  vus_.clear();
  idle_.clear();
}

asio::awaitable<void> OpenScenario::release_iterations() {
  while (!core_.is_cut) {
    const auto offset = std::visit([](auto& pacer) { return pacer.next(); }, pacer_);
    // After the last arrival the scenario still lasts until its regular end.
    const lab::TimePoint due =
        core_.start + offset.value_or(regular_duration(core_.scenario.model));
    while (!core_.is_cut && core_.runtime.now() < due) co_await core_.wakeup.wait_until(due);
    if (!offset) break;
    if (!core_.is_cut) start_iteration(due);
  }
}

asio::awaitable<void> OpenScenario::wait_for_the_last() {
  if (core_.state == ScenarioState::running) core_.state = ScenarioState::stopping;
  cut_at_ = std::min(cut_at_, core_.runtime.now() + core_.scenario.graceful_stop);
  while (busy_ > 0) {
    const lab::TimePoint now = core_.runtime.now();
    if (now >= cut_at_) cut();
    co_await core_.wakeup.wait_until(now < cut_at_ ? cut_at_ : now + kUnwindCheck);
  }
}

void OpenScenario::cut() {
  cut_at_ = std::min(cut_at_, core_.runtime.now());
  for (Vu& vu : vus_) {
    if (vu.is_busy) vu.signal.emit(asio::cancellation_type::terminal);
  }
}

void OpenScenario::add_vu() {
  vus_.emplace_back().vu = core_.pool.acquire();
  idle_.push_back(vus_.size() - 1);
}

void OpenScenario::start_iteration(lab::TimePoint intended_start) {
  if (idle_.empty()) {
    // Never retried: what an open model asks for and does not get is the measurement.
    core_.drop(1);
    if (vus_.size() < size_.max) {
      add_vu();
    } else if (!std::exchange(has_warned_, true) && core_.hooks.warn) {
      core_.hooks.warn("Insufficient VUs, reached " + std::to_string(vus_.size()) +
                       " active VUs and cannot initialize more");
    }
    return;
  }
  const std::size_t index = idle_.front();
  idle_.pop_front();
  Vu& vu = vus_[index];
  vu.is_busy = true;
  ++busy_;
  auto one = run_one(index, intended_start);
  auto on_end = [this, index](std::exception_ptr thrown) { finished(index, std::move(thrown)); };
  asio::co_spawn(core_.runtime.executor(), std::move(one),
                 asio::bind_cancellation_slot(vu.signal.slot(), std::move(on_end)));
}

asio::awaitable<void> OpenScenario::run_one(std::size_t index, lab::TimePoint intended_start) {
  co_await core_.run_iteration(vus_[index].vu, intended_start);
}

void OpenScenario::finished(std::size_t index, std::exception_ptr thrown) {
  vus_[index].is_busy = false;
  idle_.push_back(index);
  --busy_;
  if (core_.keep_error(std::move(thrown))) {
    core_.is_cut = true;
    cut();
  }
  if (busy_ == 0 || core_.is_cut) core_.wakeup.notify();
}

}  // namespace loader
