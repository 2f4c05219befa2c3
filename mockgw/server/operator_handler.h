// Answers the gateway's operator: /metrics and /admin.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mockgw/answer/exchange.h"
#include "mockgw/gateway/gateway.h"

namespace mockgw {

struct OperatorRoute {
  enum class Kind { metrics, admin };
  Kind kind = Kind::metrics;
  std::string_view rest{};  ///< Of the path, below the admin path.
};

/// Whether a request is the operator's. Such a one is answered here, whatever limits, faults and
/// keys the gateway has for its clients, and without a header that would let pages of other origins
/// read it (CORS).
[[nodiscard]] std::optional<OperatorRoute> find_operator_route(const GatewayConfig& config,
                                                               std::string_view path);

/// Bytes of a gateway file that is put in force: limits.max_body_bytes, which is the clients', does
/// not hold for the operator's routes.
inline constexpr std::uint64_t kAdminBodyBytesMax = std::uint64_t{4} << 20;

/// Answers, and does what is asked of it by those who may, see operator_access.h. Nobody but this
/// machine reaches a listener that `is_on_loopback`.
void answer_operator(Gateway& gateway, Exchange& exchange, const OperatorRoute& route,
                     bool is_on_loopback);
/// The last answer to an operator whose request's body is too large.
void answer_large_admin_body(Exchange& exchange);

}  // namespace mockgw
