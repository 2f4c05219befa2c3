#include "loader/script/engine/watchdog.h"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "loader/script/script_interrupt.h"

namespace loader {
namespace {

constexpr lab::Duration kLookInterval = std::chrono::milliseconds(250);
// Of an isolate's data: set once it was stopped, to where that is said.
constexpr std::uint32_t kEndSlot = 1;
SliceEnd overrun = SliceEnd::overrun;
SliceEnd interrupted = SliceEnd::interrupted;

std::atomic<bool (*)()> is_asked_to_end{nullptr};

/// What one thread runs. The mutex is free but while the watchdog looks: taking it costs little.
struct WatchedThread {
  WatchedThread() { pthread_getcpuclockid(pthread_self(), &clock); }
  /// CPU time that the thread has taken.
  [[nodiscard]] lab::Duration used() const {
    timespec time{};
    if (clock_gettime(clock, &time) != 0) return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  clockid_t clock{};
  std::mutex mutex;
  v8::Isolate* isolate = nullptr;
  std::uint64_t slices = 0;
  // The watchdog's own.
  std::uint64_t slices_seen = 0;
  lab::Duration used_before{};
};

class Watchdog {
 public:
  // Never ended: it waits for most of its time, and dies with the process.
  static Watchdog& get() {
    static auto* const watchdog = new Watchdog;
    return *watchdog;
  }

  std::shared_ptr<WatchedThread> add() {
    const std::lock_guard lock(mutex_);
    return threads_.emplace_back(std::make_shared<WatchedThread>());
  }

 private:
  Watchdog() {
    std::thread([this] { watch(); }).detach();
  }

  [[noreturn]] void watch() {
    std::unique_lock lock(mutex_);
    while (true) {
      never_.wait_for(lock, kLookInterval);
      threads_.remove_if([](const auto& thread) { return thread.use_count() == 1; });
      for (const auto& thread : threads_) look(*thread);
    }
  }

  static void look(WatchedThread& thread) {
    const std::lock_guard lock(thread.mutex);
    const bool is_same = thread.isolate != nullptr && thread.slices == thread.slices_seen;
    const lab::Duration used = thread.used();
    if (!is_same) thread.used_before = used;
    thread.slices_seen = thread.slices;
    const bool is_ending = is_script_interrupted();
    if (used - thread.used_before < (is_ending ? kHeardWithin : kSliceMax)) return;
    thread.used_before = used;
    thread.isolate->SetData(kEndSlot, is_ending ? &interrupted : &overrun);
    thread.isolate->TerminateExecution();
  }

  std::mutex mutex_;
  std::condition_variable never_;
  std::list<std::shared_ptr<WatchedThread>> threads_;
};

WatchedThread& this_thread() {
  thread_local const std::shared_ptr<WatchedThread> thread = Watchdog::get().add();
  return *thread;
}

}  // namespace

WatchedSlice::WatchedSlice(v8::Isolate* isolate) {
  WatchedThread& thread = this_thread();
  const std::lock_guard lock(thread.mutex);
  thread.isolate = isolate;
  ++thread.slices;
}

WatchedSlice::~WatchedSlice() {
  WatchedThread& thread = this_thread();
  const std::lock_guard lock(thread.mutex);
  thread.isolate = nullptr;
}

WatchPause::WatchPause() {
  WatchedThread& thread = this_thread();
  const std::lock_guard lock(thread.mutex);
  isolate_ = std::exchange(thread.isolate, nullptr);
}

WatchPause::~WatchPause() {
  WatchedThread& thread = this_thread();
  const std::lock_guard lock(thread.mutex);
  thread.isolate = isolate_;
}

SliceEnd take_slice_end(v8::Isolate* isolate) {
  const auto* const end = static_cast<const SliceEnd*>(isolate->GetData(kEndSlot));
  isolate->SetData(kEndSlot, nullptr);
  return end == nullptr ? SliceEnd::own : *end;
}

void set_script_interrupt(bool (*is_asked)()) { is_asked_to_end = is_asked; }

bool is_script_interrupted() {
  const auto is_asked = is_asked_to_end.load();
  return is_asked != nullptr && is_asked();
}

}  // namespace loader
