// Answers the gateway's operator: /metrics and /admin.
#pragma once

#include <optional>
#include <string_view>

#include "mockgw/gateway/gateway.h"
#include "mockgw/server/answer.h"
#include "shared/base/time.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

struct OperatorRoute {
  enum class Kind { metrics, admin };
  Kind kind = Kind::metrics;
  std::string_view rest{};  ///< Of the path, below the admin path.
};

/// Whether a request is the operator's. Such a one is answered here, whatever limits, faults and
/// keys the gateway has for its clients.
[[nodiscard]] std::optional<OperatorRoute> find_operator_route(const GatewayConfig& config,
                                                               std::string_view path);

struct OperatorRequest {
  OperatorRoute route;
  const lab::HttpRequest& request;
  lab::TimePoint now{};
  lab::WallTime wall_now{};
};

/// Answers, and does what is asked of it; `reuse` is an answer of before, or a fresh one.
[[nodiscard]] AnswerPtr answer_operator(Gateway& gateway, std::shared_ptr<GatewayState> state,
                                        const OperatorRequest& request, AnswerPtr reuse);

}  // namespace mockgw
