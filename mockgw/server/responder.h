// Does what was decided: sends an answer at its times over a connection.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "mockgw/server/sending.h"

namespace mockgw {

/// Sends the reply; what is due in the future waits, what is overdue goes out at once, and nothing
/// due later moves. Fails when the client is gone or does not read: a wait ends with the client's
/// departure if the coroutine is then cancelled (see HttpServerConnection::on_client_left). After
/// an answer that ends in RST or in the middle of its body the connection is closed and the result
/// is operation_aborted. All references must outlive the operation.
lab::asio::awaitable<Sent> send_answer(Sending sending, Exchange& exchange);

}  // namespace mockgw
