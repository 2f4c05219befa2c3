// Sends the steps of a stream at their times.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "mockgw/server/sending.h"

namespace mockgw {

/// Sends the exchange's script, whose reply is a stream. What is owed with its head is settled
/// then. All references must outlive the operation.
lab::asio::awaitable<Sent> send_stream(Sending sending, Exchange& exchange);

}  // namespace mockgw
