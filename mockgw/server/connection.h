// Serves one connection: reads requests, has them answered, sends the answers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>

#include "mockgw/server/server_state.h"

namespace mockgw {

/// Completes when the connection is over. `waits` must outlive it, and cancels what this coroutine
/// waits for.
lab::asio::awaitable<void> serve(std::shared_ptr<ServerState> state,
                                 std::unique_ptr<lab::Stream> stream,
                                 lab::asio::cancellation_signal& waits);

}  // namespace mockgw
