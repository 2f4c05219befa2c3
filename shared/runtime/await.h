// How coroutines wait for an operation of Asio or of ours: errors are values, not exceptions.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "shared/runtime/stream.h"

namespace lab {

/// `const auto [ec, …] = co_await operation(…, kAwait);`
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace lab
