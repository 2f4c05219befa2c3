#include "loader/script/script_loop.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "loader/script/script_instance.h"

namespace loader {

namespace asio = boost::asio;

ScriptLoop::ScriptLoop(ScriptInstance& instance) : instance_(instance) {
  lab::Runtime* const runtime = instance.surroundings().runtime;
  if (runtime != nullptr) wakeup_ = std::make_unique<lab::Wakeup>(*runtime);
}

ScriptLoop::~ScriptLoop() = default;

lab::TimePoint ScriptLoop::now() const {
  lab::Runtime* const runtime = instance_.surroundings().runtime;
  return runtime != nullptr ? runtime->now() : discovery_now_;
}

std::uint64_t ScriptLoop::add_timer(lab::Duration delay, v8::Local<v8::Function> callback) {
  const std::uint64_t timer = ++timers_made_;
  const lab::TimePoint due = lab::later(now(), std::max(delay, lab::Duration::zero()));
  due_[timer] = due;
  timers_[{due, timer}].Reset(instance_.v8(), callback);
  return timer;
}

void ScriptLoop::clear_timer(std::uint64_t timer) {
  const auto found = due_.find(timer);
  if (found == due_.end()) return;
  timers_.erase({found->second, timer});
  due_.erase(found);
}

void ScriptLoop::begin(asio::awaitable<void> operation, std::function<void()> done) {
  lab::Runtime* const runtime = instance_.surroundings().runtime;
  if (runtime == nullptr) return;
  auto begun = std::make_shared<Operation>();
  begun->done = std::move(done);
  operations_.push_back(begun);
  // The shared pointer keeps the signal alive as long as the operation is.
  auto on_end = [this, begun](const std::exception_ptr& /*cancelled*/) {
    begun->has_ended = true;
    ended_.push_back(begun);
    wakeup_->notify();
  };
  asio::co_spawn(runtime->executor(), std::move(operation),
                 asio::bind_cancellation_slot(begun->signal.slot(), std::move(on_end)));
}

asio::awaitable<void> ScriptLoop::wait_for_news() {
  while (ended_.empty()) {
    const lab::TimePoint due = timers_.empty() ? lab::kNoDeadline : timers_.begin()->first.first;
    if (due <= now()) co_return;
    co_await wakeup_->wait_until(due);
  }
}

void ScriptLoop::call(v8::Local<v8::Function> callback) {
  const auto context = instance_.context();
  v8::TryCatch caught(instance_.v8());
  if (callback->Call(context, v8::Undefined(instance_.v8()), 0, nullptr).IsEmpty()) {
    instance_.finish(caught);
  }
}

bool ScriptLoop::run_one() {
  const v8::HandleScope scope(instance_.v8());
  if (!ended_.empty()) {
    const auto operation = std::move(ended_.front());
    ended_.pop_front();
    operations_.remove(operation);
    v8::TryCatch caught(instance_.v8());
    operation->done();
    if (caught.HasCaught()) instance_.finish(caught);
    return true;
  }
  if (timers_.empty() || timers_.begin()->first.first > now()) return false;
  const auto first = timers_.begin();
  due_.erase(first->first.second);
  const auto callback = first->second.Get(instance_.v8());
  timers_.erase(first);
  call(callback);
  return true;
}

void ScriptLoop::run_until_idle() {
  v8::Isolate* const isolate = instance_.v8();
  isolate->PerformMicrotaskCheckpoint();
  while (!instance_.is_ending() && !instance_.report_rejections() && !is_idle()) {
    if (!run_one()) {
      if (instance_.surroundings().runtime == nullptr) {
        if (timers_.empty()) return;
        discovery_now_ = timers_.begin()->first.first;
        continue;
      }
      if (!instance_.wait(wait_for_news())) return;
      continue;
    }
    if (!isolate->IsExecutionTerminating()) isolate->PerformMicrotaskCheckpoint();
  }
}

void ScriptLoop::cancel_operations() {
  timers_.clear();
  due_.clear();
  for (const auto& operation : operations_) {
    if (!operation->has_ended) operation->signal.emit(asio::cancellation_type::terminal);
  }
}

bool ScriptLoop::has_running() const {
  return std::any_of(operations_.begin(), operations_.end(),
                     [](const auto& each) { return !each->has_ended; });
}

void ScriptLoop::cancel_all() {
  if (timers_.empty() && operations_.empty()) return;
  cancel_operations();
  // An operation that is cancelled ends soon; nothing interrupts this but the end of the world that
  // it is in.
  while (!instance_.is_leaving() && has_running()) {
    instance_.wait_for_end(wait_for_news());
    ended_.clear();
  }
  operations_.clear();
  ended_.clear();
}

asio::awaitable<void> ScriptLoop::abandon() {
  cancel_operations();
  while (has_running()) {
    co_await wait_for_news();
    ended_.clear();
  }
}

}  // namespace loader
