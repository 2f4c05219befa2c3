// What the handlers know about the request they answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mockgw/chat/prompt_tokens.h"
#include "mockgw/chat/request_identity.h"
#include "mockgw/gateway/gateway_state.h"
#include "mockgw/profiles/profile.h"
#include "mockgw/server/answer.h"
#include "shared/base/time.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

struct RequestContext {
  GatewayState& state;
  const lab::HttpRequest& request;
  std::string_view path;
  std::string_view api_key;
  RequestIdentity identity;
  std::uint64_t number = 0;  ///< In the gateway.
  lab::TimePoint now{};
  lab::Duration elapsed{};  ///< By the gateway's clock.
  lab::WallTime wall_now{};
  lab::Duration waited{};        ///< In the queue, and for attempts that failed.
  std::int64_t retries = 0;      ///< Before the attempt at hand.
  bool is_last_attempt = false;  ///< Of an upstream that is retried.
  std::string_view remote_address{};
  std::string_view model{};      ///< Empty until it is known.
  std::string_view provider{};   ///< Who serves the model; empty until it is found.
  PromptTokens prompt_tokens{};  ///< Of a chat request, once it is read.
  HeaderFields limit_headers{};  ///< What the rate limits tell with every answer.
  Settlement settlement{};       ///< What the answer will owe.
};

/// What an error says beyond what the context knows.
struct ErrorDetails {
  PlaceholderValues values{};
  std::optional<unsigned> status{};  ///< HTTP's own, instead of the profile's.
};

/// The time that an answer without tokens takes, waiting in the queue included.
[[nodiscard]] lab::Duration other_latency(const RequestContext& context);

/// What a profile's texts may say about this request, whose answer ends `due` after its arrival.
[[nodiscard]] PlaceholderValues placeholders_of(const RequestContext& context,
                                                PlaceholderValues values, lab::Duration due);

/// Makes `answer` the profile's error for a condition, due after `due`.
[[nodiscard]] AnswerPtr error_answer(const RequestContext& context, Condition condition,
                                     ErrorDetails details, lab::Duration due, AnswerPtr answer);

/// Makes `answer` a response, headers of every answer included, whose body is still empty.
[[nodiscard]] AnswerPtr plain_answer(const RequestContext& context, unsigned status,
                                     std::string_view content_type, lab::Duration due,
                                     AnswerPtr answer);

}  // namespace mockgw
