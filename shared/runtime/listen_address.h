// Where a server listens, as users write it.
#pragma once

#include <string_view>

#include "shared/base/error.h"
#include "shared/runtime/endpoint.h"

namespace lab {

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", or ":8080" for all IPv4 addresses. Port 0
/// takes a free one. Other names are an error: a server listens on addresses.
[[nodiscard]] Result<Endpoint> parse_listen_address(std::string_view text);

/// Whether only this machine can reach an address that is listened on.
[[nodiscard]] bool is_loopback_address(std::string_view address);

}  // namespace lab
