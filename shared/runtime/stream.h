// A byte stream between two ends of a connection: a TCP socket, TLS over one, or a simulated
// connection.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <utility>

#include "shared/base/error.h"
#include "shared/base/time.h"
#include "shared/runtime/endpoint.h"

namespace lab {

namespace asio = boost::asio;

/// For an asio::any_completion_handler of it, which puts a slot of its own, and memory for that,
/// between a handler's slot and an operation. Whoever erases the handler passes its slot on apart.
template <class CompletionHandler>
auto without_slot(CompletionHandler handler) {
  return asio::bind_cancellation_slot(asio::cancellation_slot(), std::move(handler));
}
/// One that is bound to a slot is taken out of it: Boost 1.81 cannot bind it a second time.
template <class CompletionHandler, class Slot>
auto without_slot(asio::cancellation_slot_binder<CompletionHandler, Slot> bound) {
  return without_slot(std::move(bound.get()));
}

/// Models Asio's AsyncReadStream and AsyncWriteStream over two virtual calls, so that
/// asio::ssl::stream, asio::async_write and a co_await all take it. One read and one write may be
/// under way at a time.
///
/// Errors, the same for every implementation:
///   asio::error::eof                 the peer sent FIN; all bytes before it have been read
///   asio::error::connection_reset    the peer sent RST (also broken_pipe, from a write)
///   Errc::timeout                    the deadline passed; the stream can be closed, or given
///                                    another deadline, and then read on
///   asio::error::operation_aborted   cancelled through the cancellation slot, or by close()
/// Destroying a stream closes it; operations under way then complete with operation_aborted, never
/// inline.
class Stream {
 public:
  using executor_type = asio::any_io_executor;
  using Handler = asio::any_completion_handler<void(ErrorCode, std::size_t)>;

  virtual ~Stream() = default;

  [[nodiscard]] virtual executor_type get_executor() = 0;

  /// Reads at least one byte into the first non-empty buffer, or fails.
  template <class MutableBuffers, class Token>
  auto async_read_some(const MutableBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [](auto handler, Stream* self, asio::mutable_buffer buffer) {
          const auto slot = asio::get_associated_cancellation_slot(handler);
          self->do_read_some(buffer, Handler(without_slot(std::move(handler))), slot);
        },
        token, this, first_buffer<asio::mutable_buffer>(buffers));
  }

  /// Writes at least one byte of the first non-empty buffer, or fails. With back-pressure it waits
  /// for room.
  template <class ConstBuffers, class Token>
  auto async_write_some(const ConstBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [](auto handler, Stream* self, asio::const_buffer buffer) {
          const auto slot = asio::get_associated_cancellation_slot(handler);
          self->do_write_some(buffer, Handler(without_slot(std::move(handler))), slot);
        },
        token, this, first_buffer<asio::const_buffer>(buffers));
  }

  /// Writes what there is room for at once: how many bytes, and 0 if there is no room or if this
  /// kind of stream cannot tell. Its errors are an asynchronous write's, but a deadline does not
  /// concern what does not wait. Not while a write is under way. Others do not get their turn in
  /// between, so it is for a bounded number of writes in a row.
  virtual IoResult<std::size_t> write_now(asio::const_buffer buffer) = 0;

  /// Operations under way at `deadline`, and those started later, fail with Errc::timeout.
  /// kNoDeadline: never. Cheap to call before every operation.
  virtual void expires_at(TimePoint deadline) = 0;
  /// FIN after the bytes already written; reading goes on.
  virtual void shutdown_send() = 0;
  /// RST: the peer sees connection_reset, and bytes that it has not read may be lost.
  virtual void reset() = 0;
  /// FIN both ways and release; operations under way complete with operation_aborted.
  virtual void close() = 0;
  /// True if a read would not have to wait: bytes, FIN or RST have arrived. A look; nothing is
  /// taken.
  [[nodiscard]] virtual bool is_readable() const = 0;
  /// The peer's address as it was when the connection was made.
  [[nodiscard]] virtual Endpoint remote_endpoint() const = 0;

 protected:
  /// `slot` is the handler's own, through which it is cancelled; the handler itself has none.
  virtual void do_read_some(asio::mutable_buffer buffer, Handler handler,
                            asio::cancellation_slot slot) = 0;
  virtual void do_write_some(asio::const_buffer buffer, Handler handler,
                             asio::cancellation_slot slot) = 0;

 private:
  template <class Buffer, class Buffers>
  static Buffer first_buffer(const Buffers& buffers) {
    const auto end = asio::buffer_sequence_end(buffers);
    for (auto it = asio::buffer_sequence_begin(buffers); it != end; ++it) {
      if (Buffer buffer(*it); buffer.size() > 0) return buffer;
    }
    return {};
  }
};

}  // namespace lab
