#include "loader/run/thread_watch.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <cmath>
#include <exception>
#include <utility>

#include "shared/runtime/cpu_times.h"

namespace loader {

namespace asio = boost::asio;

namespace {

// How often the thread's CPU time is read, and the longest wait begins anew.
constexpr lab::Duration kSecond = std::chrono::seconds(1);
// Of one standstill: a quarter of an hour is none any more.
constexpr int kWaitsMax = 100'000;

}  // namespace

void add_waits(Trend& reads, lab::Duration late, lab::Duration interval) {
  reads.add(lab::to_milliseconds(late));
  int waits = 1;
  for (lab::Duration rest = late - interval; rest > lab::Duration::zero(); rest -= interval) {
    if (++waits > kWaitsMax) return;
    reads.add(lab::to_milliseconds(rest));
  }
}

struct ThreadWatch::State {
  explicit State(lab::Runtime& its_runtime) : runtime(its_runtime) {}

  // Never the same distance twice in a row: what the load does at regular times would always, or
  // never, be met. Multiples of the golden ratio are spread evenly.
  lab::Duration next_interval() {
    constexpr double kGoldenRatio = 0.6180339887498949;
    phase = std::fmod(phase + kGoldenRatio, 1.0);
    return std::chrono::duration_cast<lab::Duration>(kInterval * (0.5 + phase));
  }

  void note_wait(lab::Duration late) {
    add_waits(strain.reads, late, kInterval);
    longest = std::max(longest, late);
  }

  void note_time(lab::TimePoint now) {
    const lab::ThreadTimes times = lab::thread_times();
    strain.watched = now - began;
    strain.cpu = times.cpu - times_before.cpu;
    strain.ready = times.ready - times_before.ready;
    longest_before = std::exchange(longest, lab::Duration{});
    second_ends = now + kSecond;
  }

  lab::Runtime& runtime;
  ThreadStrain strain{};
  bool is_on = false;
  double phase = 0;
  lab::TimePoint probe_due{};
  lab::TimePoint began{};
  lab::TimePoint second_ends{};
  lab::ThreadTimes times_before{};
  lab::Duration longest{};  ///< Of this second.
  lab::Duration longest_before{};
};

ThreadWatch::ThreadWatch(lab::Runtime& runtime) : state_(std::make_shared<State>(runtime)) {}
ThreadWatch::~ThreadWatch() { state_->is_on = false; }

void ThreadWatch::start() {
  state_->is_on = true;
  state_->began = state_->runtime.now();
  state_->second_ends = state_->began + kSecond;
  state_->times_before = lab::thread_times();
  auto probing = probe(state_);
  auto on_end = [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(state_->runtime.executor(), std::move(probing), std::move(on_end));
}

void ThreadWatch::stop() {
  if (!std::exchange(state_->is_on, false)) return;
  const lab::TimePoint now = state_->runtime.now();
  // What ended the run may have had its turn before the probe, which is late all the same.
  if (now > state_->probe_due) state_->note_wait(now - state_->probe_due);
  const lab::Duration longest = recent_wait();
  state_->note_time(now);
  state_->longest = longest;
}

void ThreadWatch::note_timer(lab::TimePoint due, lab::Duration late) {
  // The probe's own sleep is none of the load's.
  if (!state_->is_on || due == state_->probe_due) return;
  state_->strain.timers.add(lab::to_milliseconds(late));
}

const ThreadStrain& ThreadWatch::strain() const { return state_->strain; }

lab::Duration ThreadWatch::recent_wait() const {
  return std::max(state_->longest, state_->longest_before);
}

asio::awaitable<void> ThreadWatch::probe(std::shared_ptr<State> state) {
  lab::TimePoint now = state->runtime.now();
  while (state->is_on) {
    state->probe_due = now + state->next_interval();
    co_await state->runtime.sleep_until(state->probe_due);
    if (!state->is_on) break;
    now = state->runtime.now();
    state->note_wait(now - state->probe_due);
    if (now >= state->second_ends) state->note_time(now);
  }
}

}  // namespace loader
