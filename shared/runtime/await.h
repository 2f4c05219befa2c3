// How coroutines wait for an operation of Asio or of ours: errors are values, not exceptions.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include "shared/runtime/stream.h"

namespace lab {

/// `const auto [ec, …] = co_await operation(…, kAwait);` Deferred, an operation needs no coroutine
/// of its own between it and the one that awaits it, as it would with use_awaitable.
inline constexpr auto kAwait = asio::as_tuple(asio::deferred);

}  // namespace lab
