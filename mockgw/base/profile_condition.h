// The reasons for which a gateway answers with something else than the model's text.
#pragma once

#include <cstddef>
#include <string_view>

#include "shared/base/choices.h"

namespace mockgw {

/// What happened, not how it looks: a Profile says with which status, body and headers a client
/// sees it.
enum class Condition {
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

inline constexpr lab::Choices<Condition, 26> kConditions{{
    {"invalid_json", Condition::invalid_json},
    {"validation", Condition::validation},
    {"auth_missing", Condition::auth_missing},
    {"auth_invalid", Condition::auth_invalid},
    {"forbidden", Condition::forbidden},
    {"model_not_found", Condition::model_not_found},
    {"model_not_listed", Condition::model_not_listed},
    {"rate_limited_requests", Condition::rate_limited_requests},
    {"rate_limited_tokens", Condition::rate_limited_tokens},
    {"rate_limited_too_large", Condition::rate_limited_too_large},
    {"concurrency_limited", Condition::concurrency_limited},
    {"queue_full", Condition::queue_full},
    {"queue_timeout", Condition::queue_timeout},
    {"circuit_open", Condition::circuit_open},
    {"no_backend", Condition::no_backend},
    {"upstream_timeout", Condition::upstream_timeout},
    {"upstream_connect", Condition::upstream_connect},
    {"upstream_4xx", Condition::upstream_4xx},
    {"upstream_5xx", Condition::upstream_5xx},
    {"upstream_overloaded", Condition::upstream_overloaded},
    {"upstream_429", Condition::upstream_429},
    {"body_too_large", Condition::body_too_large},
    {"method_not_allowed", Condition::method_not_allowed},
    {"not_found", Condition::not_found},
    {"budget_exceeded", Condition::budget_exceeded},
    {"stream_error", Condition::stream_error},
}};
inline constexpr std::size_t kConditionCount = kConditions.size();

/// The name files and metrics use.
[[nodiscard]] constexpr std::string_view to_string(Condition condition) {
  return kConditions[static_cast<std::size_t>(condition)].first;
}

}  // namespace mockgw
