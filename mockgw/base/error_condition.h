// The reasons for which a gateway answers with something else than the model's text.
#pragma once

#include <cstddef>
#include <string_view>

#include "shared/base/choices.h"

namespace mockgw {

/// What happened, not how it looks: a Profile says with which status, body and headers a client
/// sees it.
enum class ErrorCondition {
  invalid_json,      ///< The body is not JSON.
  validation,        ///< The body is JSON, but a field is missing, ill-typed or out of range.
  auth_missing,      ///< No key was sent.
  auth_invalid,      ///< The key is unknown.
  forbidden,         ///< The key is known and may not do this.
  model_not_found,   ///< No such model.
  model_not_listed,  ///< The same, asked for at GET /v1/models/{id}.
  rate_limited_requests,
  rate_limited_tokens,
  rate_limited_too_large,  ///< One request costs more than the whole limit: no retry can succeed.
  concurrency_limited,     ///< Too many parallel requests of one key, or of all.
  queue_full,
  queue_timeout,
  circuit_open,
  no_backend,  ///< No healthy upstream is left.
  upstream_timeout,
  upstream_connect,     ///< The upstream refused, or reset before its headers.
  upstream_4xx,         ///< It refused the request, by a status of its own.
  upstream_5xx,         ///< Any other failure of the upstream.
  upstream_overloaded,  ///< It answered 503.
  upstream_429,
  body_too_large,
  method_not_allowed,
  not_found,
  budget_exceeded,
  stream_error,  ///< A failure after the headers of a stream were sent.
};

inline constexpr lab::Choices<ErrorCondition, 26> kErrorConditions{{
    {"invalid_json", ErrorCondition::invalid_json},
    {"validation", ErrorCondition::validation},
    {"auth_missing", ErrorCondition::auth_missing},
    {"auth_invalid", ErrorCondition::auth_invalid},
    {"forbidden", ErrorCondition::forbidden},
    {"model_not_found", ErrorCondition::model_not_found},
    {"model_not_listed", ErrorCondition::model_not_listed},
    {"rate_limited_requests", ErrorCondition::rate_limited_requests},
    {"rate_limited_tokens", ErrorCondition::rate_limited_tokens},
    {"rate_limited_too_large", ErrorCondition::rate_limited_too_large},
    {"concurrency_limited", ErrorCondition::concurrency_limited},
    {"queue_full", ErrorCondition::queue_full},
    {"queue_timeout", ErrorCondition::queue_timeout},
    {"circuit_open", ErrorCondition::circuit_open},
    {"no_backend", ErrorCondition::no_backend},
    {"upstream_timeout", ErrorCondition::upstream_timeout},
    {"upstream_connect", ErrorCondition::upstream_connect},
    {"upstream_4xx", ErrorCondition::upstream_4xx},
    {"upstream_5xx", ErrorCondition::upstream_5xx},
    {"upstream_overloaded", ErrorCondition::upstream_overloaded},
    {"upstream_429", ErrorCondition::upstream_429},
    {"body_too_large", ErrorCondition::body_too_large},
    {"method_not_allowed", ErrorCondition::method_not_allowed},
    {"not_found", ErrorCondition::not_found},
    {"budget_exceeded", ErrorCondition::budget_exceeded},
    {"stream_error", ErrorCondition::stream_error},
}};
inline constexpr std::size_t kErrorConditionCount = kErrorConditions.size();

/// The name files and metrics use.
[[nodiscard]] constexpr std::string_view to_string(ErrorCondition condition) {
  return kErrorConditions[static_cast<std::size_t>(condition)].first;
}

}  // namespace mockgw
