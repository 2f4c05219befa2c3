// When a step is sent again, and after what wait: the policy of the official OpenAI SDKs, as pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/base/rng.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"
#include "shared/runtime/http_message.h"

namespace loader {

/// Off by default: a load test wants to see failures. `"retry": {}` turns on what openai-node does.
struct RetryPolicy {
  static constexpr std::string_view kSchemaName = "retry";

  std::uint32_t attempts = 1;  ///< In all, the first included; 3 when a suite asks for retries.
  lab::Duration backoff_min = std::chrono::milliseconds(500);
  lab::Duration backoff_max = std::chrono::seconds(8);
  double jitter = 0.25;  ///< The wait is shortened by up to this share.
  lab::Duration retry_after_max =
      std::chrono::seconds(60);  ///< A longer Retry-After is not obeyed.
  bool give_up_on_long_retry_after =
      false;  ///< openai-python: then no retry; openai-node: then the backoff.
  std::vector<unsigned> statuses{408, 409,
                                 429};  ///< Besides every status >= 500 if `server_errors`.
  bool server_errors = true;
  bool connection_errors = true;  ///< Time-outs included.

  /// Of a section `retry` that says nothing.
  [[nodiscard]] static RetryPolicy asked_for() {
    RetryPolicy policy;
    policy.attempts = 3;
    return policy;
  }
};
void fields(lab::Fields& f, RetryPolicy& c);

/// What an attempt came to.
struct AttemptResult {
  unsigned status = 0;                        ///< 0: a connection error or time-out.
  const lab::HttpHeaders* headers = nullptr;  ///< Null when there was no response.
};

/// The wait before the next attempt, or none if there is to be none. `attempt` counts from 1 and
/// names the one that just ended; `wall_now` is for a Retry-After that is a date.
[[nodiscard]] std::optional<lab::Duration> retry_delay(const RetryPolicy& policy,
                                                       std::uint32_t attempt,
                                                       const AttemptResult& result,
                                                       lab::WallTime wall_now, lab::Rng& rng);

/// Reads a step's "retry" object.
[[nodiscard]] RetryPolicy read_retry(const lab::JsonValue& value);

}  // namespace loader
