#include "loader/scenarios/open_vus.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <string>
#include <utility>

#include "shared/runtime/yield.h"

namespace loader {

namespace asio = boost::asio;

namespace {

// While all are busy, starts that come faster than this are counted together. Whoever looks at the
// metrics does so every second, and a wait this long leaves a machine its breath.
constexpr lab::Duration kDropInterval = std::chrono::milliseconds(1);

// Between two looks at what else there is to do: signals, answers, a cut.
constexpr int kStartsAtOnceMax = 1000;

std::optional<lab::Duration> next_of(ArrivalPacer& pacer) {
  return std::visit([](auto& each) { return each.next(); }, pacer);
}

std::uint64_t skip_before(ArrivalPacer& pacer, lab::Duration limit) {
  return std::visit([limit](auto& each) { return each.skip_before(limit); }, pacer);
}

}  // namespace

OpenVus::OpenVus(ScenarioCore& core, Settings settings) : core_(core), settings_(settings) {
  for (std::uint64_t i = 0; i < settings_.size.pre_allocated; ++i) add_vu();
}

asio::awaitable<void> OpenVus::start_iterations(ArrivalPacer* pacer, lab::TimePoint start,
                                                lab::Duration duration) {
  auto next = next_of(*pacer);
  while (!core_.is_cut) {
    const lab::Duration now = core_.runtime.now() - start;
    // Nobody was there when these came due; a late start would be another load.
    if (std::exchange(is_behind_, false) && next && *next < now) {
      drop(1 + skip_before(*pacer, now));
      next = next_of(*pacer);
    }
    // No iteration ends while this coroutine runs, so nobody becomes idle.
    for (int i = 0; i < kStartsAtOnceMax && next && *next <= now && !has_nobody(); ++i) {
      start_iteration(start + *next);
      next = next_of(*pacer);
    }
    if (next && *next <= now && has_nobody()) {
      drop(1 + skip_before(*pacer, now + lab::Duration(1)));
      next = next_of(*pacer);
    }
    if (!next && now >= duration) break;
    co_await wait_for(start + next.value_or(duration), start + duration);
  }
}

asio::awaitable<void> OpenVus::wait_for(lab::TimePoint due, lab::TimePoint end) {
  const lab::TimePoint now = core_.runtime.now();
  lab::TimePoint until = due;
  if (has_nobody()) until = std::max(due, std::min(now + kDropInterval, end));
  is_behind_ = until > due;
  if (until <= now) {
    co_await lab::async_yield(core_.runtime.executor(), asio::use_awaitable);
  } else {
    co_await core_.wakeup.wait_until(until);
  }
}

void OpenVus::start_iteration(lab::TimePoint intended_start) {
  if (idle_.empty()) {
    const bool may_grow = vus_.size() < settings_.size.max;
    // Never retried: what an open model asks for and does not get is the measurement.
    if (!may_grow || settings_.growth == Growth::after_a_drop) drop(1);
    if (may_grow) add_vu();
    if (!may_grow || settings_.growth == Growth::after_a_drop) return;
  }
  const std::size_t index = idle_.front();
  idle_.pop_front();
  Vu& vu = vus_[index];
  vu.is_busy = true;
  core_.active_most = std::max<std::uint64_t>(core_.active_most, ++busy_);
  auto one = run_one(index, intended_start);
  auto on_end = [this, index](std::exception_ptr thrown) { finished(index, std::move(thrown)); };
  asio::co_spawn(core_.runtime.executor(), std::move(one),
                 asio::bind_cancellation_slot(vu.signal.slot(), std::move(on_end)));
}

asio::awaitable<void> OpenVus::wait_until_idle(lab::TimePoint deadline) {
  while (busy_ > 0) {
    const lab::TimePoint now = core_.runtime.now();
    const bool is_over = core_.is_cut || now >= deadline;
    if (is_over) cut();
    co_await core_.wakeup.wait_until(is_over ? now + kUnwindCheck : deadline);
  }
}

void OpenVus::cut() {
  for (Vu& vu : vus_) {
    if (vu.is_busy) vu.signal.emit(asio::cancellation_type::terminal);
  }
}

void OpenVus::release() {
  assert(busy_ == 0);
  for (const Vu& vu : vus_) core_.pool.release(vu.vu);
  vus_.clear();
  idle_.clear();
}

void OpenVus::add_vu() {
  vus_.emplace_back().vu = core_.pool.acquire();
  idle_.push_back(vus_.size() - 1);
  core_.vus_most = std::max<std::uint64_t>(core_.vus_most, vus_.size());
}

void OpenVus::drop(std::uint64_t count) {
  core_.drop(count);
  if (vus_.size() < settings_.size.max || !core_.hooks.warn) return;
  if (std::exchange(has_warned_, true)) return;
  core_.hooks.warn("Insufficient VUs, reached " + std::to_string(vus_.size()) +
                   " active VUs and cannot initialize more");
}

asio::awaitable<void> OpenVus::run_one(std::size_t index, lab::TimePoint intended_start) {
  co_await core_.run_iteration(vus_[index].vu, intended_start);
}

void OpenVus::finished(std::size_t index, std::exception_ptr thrown) {
  vus_[index].is_busy = false;
  idle_.push_back(index);
  --busy_;
  if (core_.keep_error(std::move(thrown))) {
    core_.is_cut = true;
    cut();
  }
  if (busy_ == 0 || core_.is_cut || is_behind_) core_.wakeup.notify();
}

VuPoolSize pool_size(const LoadModel& model, const ExecutionShare& share) {
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

}  // namespace loader
