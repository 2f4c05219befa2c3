#include "loader/run/run_threads.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <cassert>
#include <exception>
#include <thread>
#include <utility>

#include "loader/run/thread_watch.h"
#include "shared/runtime/asio_runtime.h"

namespace loader {

namespace asio = boost::asio;

struct RunThreads::Worker {
  /// A copy of what the part has measured; only this is read by other threads while it runs.
  struct Published {
    PartReport report;
    LatencyDrift drift;
    Metrics metrics;
    // Only while somebody follows the run.
    std::optional<OverTime> over_time{};
    std::optional<ErrorTallies> errors{};
    ThreadStrain strain{};
    lab::Duration recent_wait{};
  };

  Worker(const Suite& suite, RunPartSettings settings)
      : is_followed(settings.observer.is_followed),
        watches_itself(settings.spec.tell_lateness != nullptr),
        part(runtime, suite, std::move(settings)) {
    if (!watches_itself) return;
    runtime.tell_lateness(
        [this](lab::TimePoint due, lab::Duration late) { watch.note_timer(due, late); });
  }

  asio::awaitable<void> run(lab::TimePoint start) {
    if (watches_itself) watch.start();
    co_await part.run(start);
    watch.stop();
    part.flush_outputs();
  }

  asio::awaitable<void> keep_publishing() {
    while (true) {
      publish();
      part.flush_outputs();
      co_await runtime.sleep_for(kPublishInterval);
    }
  }

  void publish() {
    auto now = std::make_unique<Published>(
        Published{part.report(), part.drift(), Metrics(part.metrics().registry(), no_tags)});
    now->report.has_failed = now->report.has_failed || error != nullptr;
    now->metrics.merge(part.metrics());
    if (part.windows() != nullptr && is_followed && is_followed()) {
      now->over_time = part.windows()->over_time();
      now->errors = part.errors();
    }
    now->strain.add(watch.strain());
    now->recent_wait = watch.recent_wait();
    // Copied before the lock is taken, so that a reader waits for a swap only.
    const std::lock_guard lock(mutex);
    std::swap(published, now);
  }

  /// Empty: never.
  std::function<bool()> is_followed;
  bool is_joined = false;
  // Before the part, whose streams belong to it.
  lab::AsioRuntime runtime;
  ThreadWatch watch{runtime};
  const bool watches_itself;
  TagTable no_tags;  ///< The copies add no samples, so they need none.
  RunPart part;
  std::thread thread;
  mutable std::mutex mutex;
  std::unique_ptr<Published> published;  ///< Set from the start on.
  std::exception_ptr error;
};

RunThreads::RunThreads(const Suite& suite, std::vector<RunPartSettings> parts) {
  assert(!parts.empty());
  for (RunPartSettings& settings : parts) {
    settings.observer.warn = [this](std::string message) {
      const std::lock_guard lock(warnings_mutex_);
      warnings_.push_back(std::move(message));
    };
    workers_.push_back(std::make_unique<Worker>(suite, std::move(settings)));
    workers_.back()->publish();
  }
}

RunThreads::~RunThreads() {
  cut();
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

void RunThreads::start(lab::TimePoint start, const OnEnd& on_end) {
  // Shared by the threads.
  auto running = std::make_shared<std::atomic<std::size_t>>(workers_.size());
  for (const auto& each : workers_) {
    Worker* const worker = each.get();
    auto on_part_end = [worker, running, on_end](std::exception_ptr thrown) {
      worker->error = std::move(thrown);
      worker->publish();
      worker->runtime.stop();
      on_end(worker->error || worker->part.failure(), running->fetch_sub(1) == 1);
    };
    auto ignore_end = [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    };
    asio::co_spawn(worker->runtime.executor(), worker->run(start), std::move(on_part_end));
    asio::co_spawn(worker->runtime.executor(), worker->keep_publishing(), std::move(ignore_end));
    worker->thread = std::thread([worker] { worker->runtime.run(); });
  }
}

void RunThreads::cut() {
  for (const auto& each : workers_) {
    Worker* const worker = each.get();
    worker->runtime.post([worker] { worker->part.cut(); });
  }
}

PartReport RunThreads::report() const {
  std::optional<PartReport> sum;
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    sum = sum ? sum_of(*sum, worker->published->report) : worker->published->report;
  }
  return *std::move(sum);
}

void RunThreads::add_to(Metrics& metrics) const {
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    metrics.merge(worker->published->metrics);
  }
}

void RunThreads::add_to(LatencyDrift& drift) const {
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    drift.merge(worker->published->drift);
  }
}

void RunThreads::add_to(Strain& strain) const {
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    strain.add(worker->published->strain);
  }
}

lab::Duration RunThreads::recent_wait() const {
  lab::Duration longest{};
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    longest = std::max(longest, worker->published->recent_wait);
  }
  return longest;
}

std::vector<std::string> RunThreads::take_warnings() {
  const std::lock_guard lock(warnings_mutex_);
  return std::exchange(warnings_, {});
}

void RunThreads::join() {
  for (const auto& worker : workers_) {
    worker->thread.join();
    worker->is_joined = true;
  }
  for (const auto& worker : workers_) {
    if (worker->error) std::rethrow_exception(worker->error);
  }
}

std::vector<std::vector<ErrorTally>> RunThreads::errors(lab::TimePoint start) const {
  std::vector<std::vector<ErrorTally>> lists;
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    if (worker->is_joined) {
      lists.push_back(worker->part.errors().list(start));
    } else if (worker->published->errors) {
      lists.push_back(worker->published->errors->list(start));
    }
  }
  return lists;
}

void RunThreads::add_to(Breakdown& breakdown) const {
  for (const auto& worker : workers_) {
    if (worker->part.breakdown() != nullptr) breakdown.merge(*worker->part.breakdown());
  }
}

void RunThreads::add_to(OverTime& over_time) const {
  for (const auto& worker : workers_) {
    if (worker->part.windows() == nullptr) continue;
    const std::lock_guard lock(worker->mutex);
    if (worker->is_joined) {
      over_time.merge(worker->part.windows()->over_time());
    } else if (worker->published->over_time) {
      over_time.merge(*worker->published->over_time);
    }
  }
}

void RunThreads::set_setup_data(const std::optional<std::string>& json) {
  for (const auto& worker : workers_) worker->part.set_setup_data(json);
}

std::optional<std::string> RunThreads::marked_failed() const {
  for (const auto& worker : workers_) {
    if (worker->part.marked_failed()) return worker->part.marked_failed();
  }
  return std::nullopt;
}

std::optional<FlowFailure> RunThreads::failure() const {
  for (const auto& worker : workers_) {
    if (worker->part.failure()) return worker->part.failure();
  }
  return std::nullopt;
}

}  // namespace loader
