// A proxy's CONNECT: makes a connection to the proxy one to the host behind it (RFC 9110, 9.3.6).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "shared/base/error.h"
#include "shared/runtime/stream.h"

namespace loader {

/// What came of a CONNECT.
struct TunnelEnd {
  lab::ErrorCode ec{};    ///< Of the transport.
  std::string refusal{};  ///< The proxy's own words, where it answered with another status.
};

/// `authority` is host and port of where to; `authorization` may be empty. `stream` is at the first
/// byte of the tunnel afterwards. The stream's deadline applies.
boost::asio::awaitable<TunnelEnd> open_tunnel(lab::Stream* stream, std::string authority,
                                              std::string authorization);

}  // namespace loader
