// The section `retries` of a gateway file: when the gateway calls its upstream again instead of
// passing a failure on, and how long it waits before.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mockgw/breaker/circuit_breaker.h"
#include "mockgw/breaker/status_pattern.h"
#include "shared/base/json_reader.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"

namespace mockgw {

/// Off, unless the file has the section; the rest are the reference gateway's values.
struct RetryConfig {
  static constexpr std::string_view kSchemaName = "retries";
  static constexpr std::int64_t kCountMax = 20;
  static constexpr lab::Duration kDelayMax = std::chrono::hours(1);
  /// A section that does not say `max`.
  static constexpr std::int64_t kCountOfSection = 3;

  std::int64_t max = 0;  ///< Retries of one request after its first attempt; 0 = none.
  lab::Duration base = std::chrono::milliseconds(100);  ///< Before the first retry.
  double multiplier = 2;                                ///< Each wait is so many times the last.
  double jitter = 0.25;                                 ///< 0.25 = up to 25 % shorter or longer.
  lab::Duration max_delay = std::chrono::seconds(10);   ///< The longest wait, before jitter.
  /// The failures that are worth another attempt; see status_of().
  std::vector<StatusPattern> statuses{{429, 429}, {500, 500}, {502, 502}, {503, 503}, {504, 504}};
  bool streams = false;             ///< Streams too, as long as nothing of the model's was sent.
  bool honour_retry_after = false;  ///< An upstream's retry-after takes the place of the wait.

  /// Whether a request may be retried at all.
  [[nodiscard]] bool applies_to(bool is_stream) const { return max > 0 && (streams || !is_stream); }
};

/// What the retries' list of statuses calls a failed attempt: the upstream's status; 504 for a
/// time-out and 502 for a broken connection, as a proxy would answer them. Nothing for what is no
/// failure of the upstream's, or comes too late to be retried.
[[nodiscard]] std::optional<unsigned> status_of(const CallOutcome& outcome);

/// How long to wait before retry number `retry` (from 1) of an attempt that failed like that, or
/// nothing if its failure is the answer. `retry_after` is the upstream's header, if it sent one.
/// Jitter is drawn from `rng`, the failed attempt's own.
[[nodiscard]] std::optional<lab::Duration> wait_before_retry(const RetryConfig& config,
                                                             std::int64_t retry,
                                                             const CallOutcome& outcome,
                                                             std::string_view retry_after,
                                                             const lab::Rng& rng);

void fields(lab::Fields& f, RetryConfig& c);
void check(const lab::JsonValue& section, RetryConfig& c);
[[nodiscard]] RetryConfig read_retries(const lab::JsonValue& section);
[[nodiscard]] lab::Json to_json(const RetryConfig& config);

}  // namespace mockgw
