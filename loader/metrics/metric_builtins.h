// The metrics that every run has: k6's, with k6's names, types and units, and the LLM ones that
// nobody's k6 has.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "loader/metrics/metric.h"

namespace loader {

/// Ids of the predeclared metrics; every MetricRegistry begins with them, in this order.
struct BuiltinMetrics {
  // k6: load.
  static constexpr MetricId vus{0};
  static constexpr MetricId vus_max{1};
  static constexpr MetricId iterations{2};
  static constexpr MetricId iteration_duration{3};
  static constexpr MetricId dropped_iterations{4};
  // k6: checks and groups.
  static constexpr MetricId checks{5};
  static constexpr MetricId group_duration{6};
  // k6: bytes, one sample an iteration.
  static constexpr MetricId data_sent{7};
  static constexpr MetricId data_received{8};
  // k6: HTTP; each finished request gives one sample to each.
  static constexpr MetricId http_reqs{9};
  static constexpr MetricId http_req_failed{10};
  static constexpr MetricId http_req_duration{11};
  static constexpr MetricId http_req_blocked{12};
  static constexpr MetricId http_req_connecting{13};
  static constexpr MetricId http_req_tls_handshaking{14};
  static constexpr MetricId http_req_sending{15};
  static constexpr MetricId http_req_waiting{16};
  static constexpr MetricId http_req_receiving{17};

  // The five suites' own.
  static constexpr MetricId llm_requests_success{18};
  static constexpr MetricId llm_requests_error{19};
  static constexpr MetricId llm_success_rate{20};
  static constexpr MetricId llm_tokens_generated{21};  ///< Trend: completion tokens of a response.
  static constexpr MetricId llm_total_tokens{22};      ///< Counter over all responses.
  static constexpr MetricId llm_time_to_first_response{23};
  static constexpr MetricId llm_response_time{24};  ///< As the caller waited, retries included.
  static constexpr MetricId llm_hourly_latency{25};
  static constexpr MetricId llm_time_to_first_token{26};  ///< To the first content token.
  static constexpr MetricId llm_tokens_per_second{27};
  static constexpr MetricId llm_streaming_success{28};
  static constexpr MetricId llm_streaming_errors{29};
  // Streaming, beyond k6.
  static constexpr MetricId llm_time_to_first_event{30};
  static constexpr MetricId llm_inter_token_latency{31};
  static constexpr MetricId llm_time_per_output_token{32};
  static constexpr MetricId llm_stream_stall_max{33};  ///< The longest gap of a stream.
  static constexpr MetricId llm_goodput{34};           ///< Rate: requests that met their objective.
  // Why a stream is not a success; one counter a reason, a stream may count under several.
  static constexpr MetricId llm_stream_in_band_errors{35};
  static constexpr MetricId llm_stream_missing_done{36};
  static constexpr MetricId llm_stream_missing_content{37};
  static constexpr MetricId llm_stream_missing_finish_reason{38};
  static constexpr MetricId llm_stream_cut_short{39};
  /// Responses whose `usage` disagrees with their counted content chunks.
  static constexpr MetricId llm_token_count_mismatches{40};
  static constexpr MetricId llm_retries{41};
  static constexpr MetricId llm_latency_drift{42};  ///< Gauge: % per hour.
  // Open models: from the intended start (coordinated omission), and the loader's own lateness.
  static constexpr MetricId iteration_duration_intended{43};
  static constexpr MetricId iteration_start_delay{44};

  /// Gauges: the ends of the drift's 95 % confidence interval. The drift is certain if both have
  /// one sign.
  static constexpr MetricId llm_latency_drift_low{45};
  static constexpr MetricId llm_latency_drift_high{46};
  /// Trend: requests that a step with retries sent; its mean is what the gateway sees more.
  static constexpr MetricId llm_retry_amplification{47};

  static constexpr MetricId http_req_duration_expected{48};  ///< {expected_response:true}
};

/// When samples are taken, which also says what tags they have.
enum class MetricMoment : std::uint8_t {
  run,        ///< Now and then.
  window,     ///< At the end of each window of the run.
  dropped,    ///< When an iteration cannot start.
  iteration,  ///< At the end of an iteration.
  arrival,    ///< The same, of arrival rates only.
  group,      ///< At the end of a group step.
  request,    ///< At the end of a request.
  check,      ///< When a step's checks are evaluated.
  chat,       ///< At the end of a chat step.
  tokens,     ///< The same, if its tokens are known.
  failure,    ///< The same, if it failed.
  stream,     ///< At the end of a chat step that streams.
  retry,      ///< At the end of a step with retries.
};

struct BuiltinMetric {
  MetricId id;
  std::string_view name;
  MetricType type;
  ValueKind kind;
  MetricMoment moment;
  std::string_view unit;  ///< Of plain values; empty: they are counted, or are shares.
  std::string_view says;
};

/// The predeclared metrics (not the sub-metric), by id.
[[nodiscard]] std::span<const BuiltinMetric> builtin_metrics();

}  // namespace loader
