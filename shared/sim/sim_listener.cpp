#include "shared/sim/sim_listener.h"

#include <boost/asio/error.hpp>

#include "shared/runtime/await.h"
#include "shared/sim/sim_runtime.h"

namespace lab {
namespace {

constexpr std::size_t kBacklogMax = 4096;

}  // namespace

SimListener::SimListener(SimRuntime& runtime, Endpoint endpoint)
    : runtime_(runtime), endpoint_(std::move(endpoint)) {
  runtime_.listeners_[endpoint_] = this;
}

SimListener::~SimListener() { close(); }

asio::awaitable<IoResult<std::unique_ptr<Stream>>> SimListener::accept() {
  if (backlog_.empty() && !closed_) {
    const auto [ec] = co_await asio::async_initiate<decltype(kAwait), void(ErrorCode)>(
        [](auto handler, SimListener* self) { self->start_wait(std::move(handler)); }, kAwait,
        this);
    if (ec) co_return ec;
  }
  if (backlog_.empty()) co_return ErrorCode(asio::error::operation_aborted);
  std::unique_ptr<Stream> stream = std::move(backlog_.front());
  backlog_.pop_front();
  co_return stream;
}

void SimListener::start_wait(asio::any_completion_handler<void(ErrorCode)> handler) {
  auto slot = handler.get_cancellation_slot();
  waiting_.swap(handler);
  if (slot.is_connected()) {
    slot.assign([this](asio::cancellation_type) { wake(asio::error::operation_aborted); });
  }
}

void SimListener::wake(ErrorCode ec) {
  if (!waiting_) return;
  auto handler = std::move(waiting_);
  if (auto slot = handler.get_cancellation_slot(); slot.is_connected()) slot.clear();
  runtime_.complete_wait_at(runtime_.now(), std::move(handler), ec);
}

bool SimListener::offer(std::unique_ptr<Stream> stream) {
  if (closed_ || backlog_.size() >= kBacklogMax) return false;
  backlog_.push_back(std::move(stream));
  wake({});
  return true;
}

void SimListener::close() {
  if (closed_) return;
  closed_ = true;
  // During teardown the runtime has taken its list already.
  const auto found = runtime_.listeners_.find(endpoint_);
  if (found != runtime_.listeners_.end() && found->second == this) runtime_.listeners_.erase(found);
  for (auto& stream : backlog_) stream->reset();
  backlog_.clear();
  wake(asio::error::operation_aborted);
}

}  // namespace lab
