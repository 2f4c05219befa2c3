// What it takes to send an answer, and to wait meanwhile.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <cstddef>

#include "mockgw/answer/exchange.h"
#include "mockgw/server/work_turns.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/runtime.h"

namespace mockgw {

/// Writes of a stream's events that are due together are joined up to this size.
inline constexpr std::size_t kPieceBytesMax = 16 * 1024;

/// How sending ends when the answer itself cuts the connection off.
inline constexpr auto kCutOff = lab::asio::error::operation_aborted;

/// All must outlive the operation.
struct Sending {
  lab::Runtime& runtime;
  lab::HttpServerConnection& connection;
  WorkTurns& turns;
};

/// Fails as soon as the client has left: the server wakes this coroutine up then.
lab::asio::awaitable<lab::ErrorCode> wait_until(Sending sending, lab::TimePoint due);

/// The exchange's request begins to decode in the batch.
void arrive_in_batch(lab::Runtime& runtime, const Exchange& exchange);

struct Decoded {
  lab::ErrorCode left{};  ///< The client did.
  bool is_late = false;   ///< The deadline came first.
};

/// Waits until the batch server has decoded so many tokens of the answer, or the time-out comes.
lab::asio::awaitable<Decoded> wait_for_tokens(Sending sending, const Exchange& exchange,
                                              std::size_t tokens,
                                              std::optional<UpstreamTimeout> timeout);

}  // namespace mockgw
