// A simulated listening socket.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <deque>
#include <memory>

#include "shared/runtime/runtime.h"

namespace lab {

class SimRuntime;

class SimListener final : public Listener {
 public:
  SimListener(SimRuntime& runtime, Endpoint endpoint);
  ~SimListener() override;
  SimListener(const SimListener&) = delete;
  SimListener& operator=(const SimListener&) = delete;

  asio::awaitable<IoResult<std::unique_ptr<Stream>>> accept() override;
  void close() override;
  [[nodiscard]] Endpoint local_endpoint() const override { return endpoint_; }

  /// Hands over the server's end of a new connection; false (refused) when the backlog is full.
  [[nodiscard]] bool offer(std::unique_ptr<Stream> stream);
  [[nodiscard]] bool is_waiting() const { return static_cast<bool>(waiting_); }
  /// Teardown: destroys the handler of a pending accept(), and with it, perhaps, this listener.
  /// True if there was one.
  bool drop_handlers() {
    const auto dropped = std::move(waiting_);
    return static_cast<bool>(dropped);
  }

 private:
  void start_wait(asio::any_completion_handler<void(ErrorCode)> handler);
  void wake(ErrorCode ec);

  SimRuntime& runtime_;
  Endpoint endpoint_;
  std::deque<std::unique_ptr<Stream>> backlog_;
  asio::any_completion_handler<void(ErrorCode)> waiting_;
  bool closed_ = false;
};

}  // namespace lab
