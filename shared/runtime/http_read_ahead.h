// How either end of a connection notices what its peer does while something else is waited for: the
// server that the client leaves, the client that its answer comes before all is sent. Private to
// http_io.cpp.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "shared/runtime/http_transport.h"

namespace lab {

/// Reads while nobody waits for it. What comes is the beginning of the next message, and stays in
/// the buffer for it, up to its bound; beyond that a departure goes unnoticed. A read under way is
/// never cancelled, so it cannot lose bytes: the next read_more() takes it over, which is also why
/// watching costs no more than the read that waits for the next message anyway.
class ReadAhead : public std::enable_shared_from_this<ReadAhead> {
 public:
  explicit ReadAhead(Transport connected) : transport(std::move(connected)) {}
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  Transport transport;
  std::function<void()> on_left{};   ///< Called once, while watching.
  std::function<void()> on_bytes{};  ///< Called whenever some have come, while watching.

  void start() {
    is_watching_ = true;
    if (!left_ && !transport.reads_ahead) read();
  }
  void stop() { is_watching_ = false; }
  [[nodiscard]] ErrorCode left() const { return left_; }

  /// True if the next bytes, or the end, are not transport.read_more()'s to bring.
  [[nodiscard]] bool is_ahead() const { return left_ || transport.reads_ahead; }
  /// The next bytes, or the end; a read under way is taken over.
  asio::awaitable<ErrorCode> read_more() {
    return is_ahead() ? take_over() : transport.read_more();
  }

  /// The connection is at its end. What is under way keeps this object, with the buffer that it
  /// reads into, until it has ended too.
  void release() {
    stop();
    on_left = nullptr;
    on_bytes = nullptr;
    if (transport.reads_ahead) transport.stream->close();
  }

 private:
  using Taker = asio::any_completion_handler<void(ErrorCode)>;

  // The read's handler. Shares the watch with the connection; dropped with a runtime that ends, it
  // drops the coroutine that waits for it.
  struct Reader {
    std::shared_ptr<ReadAhead> watch;

    explicit Reader(std::shared_ptr<ReadAhead> its_watch) : watch(std::move(its_watch)) {}
    Reader(Reader&&) noexcept = default;
    Reader& operator=(Reader&&) = delete;
    ~Reader() {
      if (watch) const Taker dropped = std::move(watch->taker_);
    }
    void operator()(ErrorCode ec, std::size_t n) {
      const std::shared_ptr<ReadAhead> kept = std::exchange(watch, nullptr);
      kept->on_read(ec, n);
    }
  };

  void read() {
    if (transport.unparsed.full()) return;
    transport.reads_ahead = true;
    transport.stream->expires_at(transport.ahead_deadline);
    transport.stream->async_read_some(transport.unparsed.prepare(), Reader(shared_from_this()));
  }

  void on_read(ErrorCode ec, std::size_t n) {
    transport.reads_ahead = false;
    transport.end_read(n);
    if (Taker taker = std::move(taker_)) return std::move(taker)(ec);
    left_ = ec;
    if (!ec && is_watching_ && on_bytes) on_bytes();
    if (!ec && is_watching_) read();
    // Posted, so that it runs as the executor's own: a cancellation that is emitted there takes
    // effect there and then, not after the coroutine that it is for has ended.
    if (!ec) return;
    asio::post(transport.stream->get_executor(), [kept = shared_from_this()] { kept->tell(); });
  }

  void tell() {
    if (!is_watching_) return;
    if (const auto act = std::exchange(on_left, nullptr)) act();
  }

  asio::awaitable<ErrorCode> take_over() {
    if (left_) co_return left_;
    const auto [ec] = co_await asio::async_initiate<decltype(kAwait), void(ErrorCode)>(
        [](auto handler, ReadAhead* self) {
          // Its move assignment wraps itself without end (Boost 1.81).
          Taker(without_slot(std::move(handler))).swap(self->taker_);
        },
        kAwait, this);
    co_return ec;
  }

  Taker taker_{};
  ErrorCode left_{};
  bool is_watching_ = false;
};

}  // namespace lab
