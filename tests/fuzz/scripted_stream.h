// A connection whose peer says what a script has, in its pieces, then FIN; what it is told is
// dropped. Nothing waits: no time passes.
#pragma once

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/runtime/stream.h"

namespace lab::fuzz {

class ScriptedStream final : public Stream {
 public:
  /// The bytes of `pieces` outlive the stream; no piece is empty.
  ScriptedStream(asio::any_io_executor executor, std::vector<std::string_view> pieces)
      : executor_(std::move(executor)), pieces_(std::move(pieces)) {}

  executor_type get_executor() override { return executor_; }
  IoResult<std::size_t> write_now(asio::const_buffer buffer) override { return buffer.size(); }
  void expires_at(TimePoint) override {}
  void shutdown_send() override {}
  void reset() override {}
  void close() override {}
  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] Endpoint remote_endpoint() const override { return {"127.0.0.1", 1}; }

 protected:
  void do_read_some(asio::mutable_buffer buffer, Handler handler,
                    asio::cancellation_slot) override {
    if (next_ == pieces_.size()) return complete(std::move(handler), asio::error::eof, 0);
    std::string_view& piece = pieces_[next_];
    const std::size_t n = std::min(piece.size(), buffer.size());
    std::memcpy(buffer.data(), piece.data(), n);
    piece.remove_prefix(n);
    if (piece.empty()) ++next_;
    complete(std::move(handler), {}, n);
  }
  void do_write_some(asio::const_buffer buffer, Handler handler, asio::cancellation_slot) override {
    complete(std::move(handler), {}, buffer.size());
  }

 private:
  void complete(Handler handler, ErrorCode ec, std::size_t n) {
    asio::post(executor_,
               [handler = std::move(handler), ec, n]() mutable { std::move(handler)(ec, n); });
  }

  asio::any_io_executor executor_;
  std::vector<std::string_view> pieces_;
  std::size_t next_ = 0;
};

}  // namespace lab::fuzz
