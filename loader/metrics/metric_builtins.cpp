#include "loader/metrics/metric_builtins.h"

#include <array>
#include <cstddef>

namespace loader {
namespace {

using B = BuiltinMetrics;
using enum MetricType;
using enum ValueKind;

constexpr std::array kBuiltins{
    BuiltinMetric{B::vus, "vus", gauge, plain},
    BuiltinMetric{B::vus_max, "vus_max", gauge, plain},
    BuiltinMetric{B::iterations, "iterations", counter, plain},
    BuiltinMetric{B::iteration_duration, "iteration_duration", trend, time},
    BuiltinMetric{B::dropped_iterations, "dropped_iterations", counter, plain},
    BuiltinMetric{B::checks, "checks", rate, plain},
    BuiltinMetric{B::group_duration, "group_duration", trend, time},
    BuiltinMetric{B::data_sent, "data_sent", counter, data},
    BuiltinMetric{B::data_received, "data_received", counter, data},
    BuiltinMetric{B::http_reqs, "http_reqs", counter, plain},
    BuiltinMetric{B::http_req_failed, "http_req_failed", rate, plain},
    BuiltinMetric{B::http_req_duration, "http_req_duration", trend, time},
    BuiltinMetric{B::http_req_blocked, "http_req_blocked", trend, time},
    BuiltinMetric{B::http_req_connecting, "http_req_connecting", trend, time},
    BuiltinMetric{B::http_req_tls_handshaking, "http_req_tls_handshaking", trend, time},
    BuiltinMetric{B::http_req_sending, "http_req_sending", trend, time},
    BuiltinMetric{B::http_req_waiting, "http_req_waiting", trend, time},
    BuiltinMetric{B::http_req_receiving, "http_req_receiving", trend, time},
    BuiltinMetric{B::llm_requests_success, "llm_requests_success", counter, plain},
    BuiltinMetric{B::llm_requests_error, "llm_requests_error", counter, plain},
    BuiltinMetric{B::llm_success_rate, "llm_success_rate", rate, plain},
    BuiltinMetric{B::llm_tokens_generated, "llm_tokens_generated", trend, plain},
    BuiltinMetric{B::llm_total_tokens, "llm_total_tokens", counter, plain},
    BuiltinMetric{B::llm_time_to_first_response, "llm_time_to_first_response", trend, time},
    BuiltinMetric{B::llm_response_time, "llm_response_time", trend, time},
    BuiltinMetric{B::llm_hourly_latency, "llm_hourly_latency", trend, time},
    BuiltinMetric{B::llm_time_to_first_token, "llm_time_to_first_token", trend, time},
    BuiltinMetric{B::llm_tokens_per_second, "llm_tokens_per_second", trend, plain},
    BuiltinMetric{B::llm_streaming_success, "llm_streaming_success", rate, plain},
    BuiltinMetric{B::llm_streaming_errors, "llm_streaming_errors", counter, plain},
    BuiltinMetric{B::llm_time_to_first_event, "llm_time_to_first_event", trend, time},
    BuiltinMetric{B::llm_inter_token_latency, "llm_inter_token_latency", trend, time},
    BuiltinMetric{B::llm_time_per_output_token, "llm_time_per_output_token", trend, time},
    BuiltinMetric{B::llm_stream_stall_max, "llm_stream_stall_max", trend, time},
    BuiltinMetric{B::llm_goodput, "llm_goodput", rate, plain},
    BuiltinMetric{B::llm_stream_in_band_errors, "llm_stream_in_band_errors", counter, plain},
    BuiltinMetric{B::llm_stream_missing_done, "llm_stream_missing_done", counter, plain},
    BuiltinMetric{B::llm_stream_missing_content, "llm_stream_missing_content", counter, plain},
    BuiltinMetric{B::llm_stream_missing_finish_reason, "llm_stream_missing_finish_reason", counter,
                  plain},
    BuiltinMetric{B::llm_stream_cut_short, "llm_stream_cut_short", counter, plain},
    BuiltinMetric{B::llm_token_count_mismatches, "llm_token_count_mismatches", counter, plain},
    BuiltinMetric{B::llm_retries, "llm_retries", counter, plain},
    BuiltinMetric{B::llm_latency_drift, "llm_latency_drift", gauge, plain},
    BuiltinMetric{B::iteration_duration_intended, "iteration_duration_intended", trend, time},
    BuiltinMetric{B::iteration_start_delay, "iteration_start_delay", trend, time},
    BuiltinMetric{B::llm_latency_drift_low, "llm_latency_drift_low", gauge, plain},
    BuiltinMetric{B::llm_latency_drift_high, "llm_latency_drift_high", gauge, plain},
    BuiltinMetric{B::llm_retry_amplification, "llm_retry_amplification", trend, plain},
};

// An id is the place in the table; a registry relies on it.
constexpr bool ids_are_places() {
  for (std::size_t i = 0; i < kBuiltins.size(); ++i) {
    if (kBuiltins[i].id.index != i) return false;
  }
  return B::http_req_duration_expected.index == kBuiltins.size();
}
static_assert(ids_are_places());

}  // namespace

std::span<const BuiltinMetric> builtin_metrics() { return kBuiltins; }

}  // namespace loader
