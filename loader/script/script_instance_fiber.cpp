// How a script instance runs: its fiber and the coroutine that resumes it, and how either ends the
// other.
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "loader/script/engine/v8_values.h"
#include "loader/script/engine/watchdog.h"
#include "loader/script/script_instance.h"
#include "loader/script/script_user.h"

namespace loader {
namespace {

namespace asio = boost::asio;

double milliseconds_of(lab::WallTime time) {
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

/// Date, as long as a script of this instance runs.
class InstanceClock final : public ScriptClock {
 public:
  explicit InstanceClock(const ScriptSurroundings& surroundings) : surroundings_(surroundings) {
    set(this);
  }
  ~InstanceClock() override { set(nullptr); }
  InstanceClock(const InstanceClock&) = delete;
  InstanceClock& operator=(const InstanceClock&) = delete;

  [[nodiscard]] double wall_milliseconds() const override {
    const lab::Runtime* const runtime = surroundings_.runtime;
    return milliseconds_of(runtime != nullptr ? runtime->wall_now() : surroundings_.wall_now);
  }

 private:
  const ScriptSurroundings& surroundings_;
};

bool is_cancellation(const boost::system::system_error& error) {
  return error.code() == asio::error::operation_aborted;
}

}  // namespace

// What refers to the heap goes while the heap is there, and entered.
void ScriptInstance::fiber_body() {
  v8::Isolate* const isolate = v8();
  isolate->Enter();
  while (!is_leaving_) {
    {
      const v8::HandleScope scope(isolate);
      job_();
    }
    is_job_done_ = true;
    suspend();
  }
  rejections_.clear();
  modules_.clear();
  argument_.Reset();
  returned_.Reset();
  begin_.Reset();
  end_hooks_.Reset();
  exported_.clear();
  texts_ = {};
  native_.Reset();
  context_.Reset();
  isolate->ContextDisposedNotification(false);
  isolate->Exit();
}

void ScriptInstance::suspend() {
  v8()->Exit();
  fiber_->suspend();
  v8()->Enter();
}

void ScriptInstance::resume() {
  const InstanceClock clock(surroundings_);
  const WatchedSlice slice(v8());
  const CrashGuard guard(*this);
  fiber_->resume();
}

asio::awaitable<void> ScriptInstance::run(Job job) {
  co_await asio::this_coro::throw_if_cancelled(true);
  job_ = std::move(job);
  is_job_done_ = false;
  resume();
  while (!is_job_done_) {
    bool is_cancelled = false;
    try {
      asio::awaitable<void> operation = std::move(*operation_);
      operation_.reset();
      co_await std::move(operation);
    } catch (const boost::system::system_error& error) {
      is_cancelled = is_cancellation(error);
      if (!is_cancelled) error_ = std::current_exception();
    } catch (...) {
      error_ = std::current_exception();
    }
    // Not in the handlers: what is thrown on the fiber would meet their exception.
    if (is_cancelled) {
      is_interrupted_ = true;
      co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    }
    if (error_) is_interrupted_ = true;
    resume();
  }
  job_ = nullptr;
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void ScriptInstance::run_now(Job job) {
  if (is_dead_) return;
  job_ = std::move(job);
  is_job_done_ = false;
  resume();
  job_ = nullptr;
}

bool ScriptInstance::wait(asio::awaitable<void> operation) {
  if (surroundings_.runtime == nullptr) return true;
  if (!is_interrupted_) wait_for_end(std::move(operation));
  if (is_interrupted_) terminate();
  return !is_interrupted_;
}

void ScriptInstance::wait_for_end(asio::awaitable<void> operation) {
  if (is_leaving_) return;
  operation_.emplace(std::move(operation));
  suspend();
}

// Asked for, termination comes at the next call of a JavaScript function; so here is one.
void ScriptInstance::terminate() {
  v8::Isolate* const isolate = v8();
  isolate->TerminateExecution();
  const auto noop = registered("noop");
  if (noop->IsFunction()) {
    ignore_result(noop.As<v8::Function>()->Call(context(), v8::Undefined(isolate), 0, nullptr));
  }
}

void ScriptInstance::escape(const char* reason) {
  is_dead_ = true;
  is_job_done_ = true;
  end_ = {ScriptEnd::Kind::exhausted, "the script can't go on: " + std::string(reason)};
  fiber_->suspend();
  std::abort();  // Nobody resumes it.
}

asio::awaitable<void> ScriptInstance::clean_up_after_escape() {
  // What is under way refers to this: it is waited for, whatever else is cancelled meanwhile.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await loop_.abandon();
  if (surroundings_.user != nullptr) co_await surroundings_.user->abandon_streams();
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
}

}  // namespace loader
