// Where a connection leads: a numeric address and a port.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace lab {

/// IPv6 addresses are written without brackets.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;

  /// "127.0.0.1:8080", "[::1]:8080".
  [[nodiscard]] std::string to_string() const {
    const bool v6 = address.find(':') != std::string::npos;
    return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
  }
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace lab
