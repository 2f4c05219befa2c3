// Decides what a request is answered: by its route, and by its key where the route needs one.
#pragma once

#include <cstdint>

#include "mockgw/gateway/gateway_state.h"
#include "mockgw/server/answer.h"
#include "shared/base/error.h"
#include "shared/base/time.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

struct Arrival {
  std::uint64_t number = 0;  ///< Of the request, in the gateway.
  lab::TimePoint now{};
  lab::Duration elapsed{};  ///< By the gateway's clock.
  lab::WallTime wall_now{};
  std::string_view remote_address{};
};

/// Decides, and returns what is to be done; `reuse` is an answer of before, or a fresh one.
[[nodiscard]] AnswerPtr answer_request(const std::shared_ptr<GatewayState>& state,
                                       const lab::HttpRequest& request, const Arrival& arrival,
                                       AnswerPtr reuse);

/// The last answer to a connection whose request could not be read, by the reason.
[[nodiscard]] AnswerPtr answer_unreadable(const std::shared_ptr<GatewayState>& state,
                                          const lab::HttpRequest& request, const Arrival& arrival,
                                          lab::ErrorCode reason);

}  // namespace mockgw
