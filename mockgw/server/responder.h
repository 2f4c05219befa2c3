// Does what was decided: sends an answer at its times over a connection.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "mockgw/server/answer.h"
#include "mockgw/server/work_turns.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/runtime.h"

namespace mockgw {

/// Writes of a stream's events that are due together are joined up to this size.
inline constexpr std::size_t kPieceBytesMax = 16 * 1024;

/// What it takes to send: all must outlive the operation.
struct Sending {
  lab::Runtime& runtime;
  lab::HttpServerConnection& connection;
  WorkTurns& turns;
};

/// Sends `answer`; what is due in the future waits, what is overdue goes out at once, and nothing
/// due later moves. Fails when the client is gone or does not read: a wait ends with the client's
/// departure if the coroutine is then cancelled (see HttpServerConnection::on_client_left). After
/// an answer that ends in RST or in the middle of its body the connection is closed and the result
/// is operation_aborted. What is owed with a stream's head is settled then. All references must
/// outlive the operation.
lab::asio::awaitable<Sent> send_answer(Sending sending, Answer& answer, lab::TimePoint arrived);

}  // namespace mockgw
