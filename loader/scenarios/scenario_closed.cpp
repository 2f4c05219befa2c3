#include "loader/scenarios/scenario_closed.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "loader/scenarios/execution_plan.h"
#include "shared/runtime/yield.h"

namespace loader {

namespace asio = boost::asio;

namespace {

IterationBudget budget_of(const LoadModel& model, const ScenarioShare& share) {
  if (const auto* shared = std::get_if<SharedIterations>(&model)) {
    return IterationBudget::shared(share.starts.scale(shared->iterations));
  }
  if (const auto* each = std::get_if<PerVuIterations>(&model)) {
    return IterationBudget::per_vu(share.vus.scale(each->vus), each->iterations);
  }
  return IterationBudget::unlimited();
}

std::size_t last_rise(const std::vector<VuStep>& steps) {
  std::size_t last = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].vus > steps[i - 1].vus) last = i;
  }
  return last;
}

}  // namespace

ClosedScenario::ClosedScenario(ScenarioCore& core)
    : core_(core),
      plan_(plan_vus(core.scenario, core.settings.share.vus)),
      budget_(budget_of(core.scenario.model, core.settings.share)),
      regular_end_(regular_duration(core.scenario.model)),
      last_rise_(last_rise(plan_.active)) {}

asio::awaitable<void> ClosedScenario::run() {
  while (true) {
    apply_due_steps();
    if (running_ == 0 && !starts_later()) break;
    co_await core_.wakeup.wait_until(next_due());
  }
  // As in k6 a run that is cut drops nothing.
  if (const std::uint64_t left = budget_.left(); left > 0 && !core_.is_cut) core_.drop(left);
}

void ClosedScenario::cut() {
  active_next_ = plan_.active.size();
  reserved_next_ = plan_.reserved.size();
  set_active(0);
  set_reserved(0);
}

void ClosedScenario::apply_due_steps() {
  const lab::Duration now = elapsed();
  while (active_next_ < plan_.active.size() && plan_.active[active_next_].offset <= now) {
    set_active(plan_.active[active_next_++].vus);
  }
  while (reserved_next_ < plan_.reserved.size() && plan_.reserved[reserved_next_].offset <= now) {
    set_reserved(plan_.reserved[reserved_next_++].vus);
  }
  if (now >= regular_end_ && core_.state == ScenarioState::running) {
    core_.state = ScenarioState::stopping;
  }
}

void ClosedScenario::set_active(std::size_t level) {
  if (slots_.size() < level) slots_.resize(level);
  for (std::size_t i = level_; i < level; ++i) start(i);
  for (std::size_t i = level; i < level_; ++i) slots_[i].is_retired = true;
  level_ = level;
}

void ClosedScenario::set_reserved(std::size_t level) {
  for (std::size_t i = level; i < slots_.size(); ++i) {
    if (slots_[i].is_running) slots_[i].signal.emit(asio::cancellation_type::terminal);
  }
}

void ClosedScenario::start(std::size_t index) {
  Slot& slot = slots_[index];
  slot.is_retired = false;
  // Retired but not yet done with its last iteration: it simply goes on.
  if (slot.is_running) return;
  slot.is_running = true;
  slot.vu = core_.pool.acquire();
  ++running_;
  core_.vus_most = std::max<std::uint64_t>(core_.vus_most, running_);
  core_.active_most = core_.vus_most;
  auto looping = loop(index);
  auto on_end = [this, index](std::exception_ptr thrown) { finished(index, std::move(thrown)); };
  asio::co_spawn(core_.runtime.executor(), std::move(looping),
                 asio::bind_cancellation_slot(slot.signal.slot(), std::move(on_end)));
}

asio::awaitable<void> ClosedScenario::loop(std::size_t index) {
  Slot& slot = slots_[index];
  while (!slot.is_retired && elapsed() < regular_end_ && budget_.take(index)) {
    const VuPlace place{.number = core_.settings.share.vus.element(index),
                        .iteration = slot.iterations++};
    const IterationEnd end = co_await core_.run_iteration(slot.vu, std::nullopt, place);
    // A flow that can't be carried out would fail again at once, and again.
    if (end == IterationEnd::failed) slot.is_retired = true;
    // Under a cancelled state nothing more can be awaited here.
    if (end == IterationEnd::interrupted) break;
    // An iteration that has waited for nothing leaves the others their turn, and a signal its.
    co_await lab::async_yield(core_.runtime.executor(), asio::use_awaitable);
  }
}

void ClosedScenario::finished(std::size_t index, std::exception_ptr thrown) {
  Slot& slot = slots_[index];
  slot.is_running = false;
  core_.pool.release(slot.vu);
  --running_;
  if (core_.keep_error(std::move(thrown))) {
    cut();
  } else if (!slot.is_retired && !budget_.is_limited() && elapsed() < regular_end_) {
    // It was cut and called back before the cut had reached it.
    start(index);
  }
  core_.wakeup.notify();
}

bool ClosedScenario::starts_later() const {
  return active_next_ < plan_.active.size() && active_next_ <= last_rise_;
}

lab::TimePoint ClosedScenario::next_due() const {
  lab::TimePoint due = core_.runtime.now() + kUnwindCheck;
  if (active_next_ < plan_.active.size()) {
    due = core_.start + plan_.active[active_next_].offset;
  }
  if (reserved_next_ < plan_.reserved.size()) {
    const lab::TimePoint reserved = core_.start + plan_.reserved[reserved_next_].offset;
    due = active_next_ < plan_.active.size() ? std::min(due, reserved) : reserved;
  }
  return due;
}

}  // namespace loader
