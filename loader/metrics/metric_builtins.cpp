#include "loader/metrics/metric_builtins.h"

#include <array>
#include <cstddef>

namespace loader {
namespace {

using B = BuiltinMetrics;
using M = MetricMoment;
using enum MetricType;
using enum ValueKind;

constexpr std::array kBuiltins{
    BuiltinMetric{B::vus, "vus", gauge, plain, M::run, "", "Virtual users that are running."},
    BuiltinMetric{B::vus_max, "vus_max", gauge, plain, M::run, "",
                  "Virtual users that stand ready."},
    BuiltinMetric{B::iterations, "iterations", counter, plain, M::iteration, "",
                  "Iterations that ended."},
    BuiltinMetric{B::iteration_duration, "iteration_duration", trend, time, M::iteration, "",
                  "From an iteration's start to its end."},
    BuiltinMetric{B::dropped_iterations, "dropped_iterations", counter, plain, M::dropped, "",
                  "Iterations that had no virtual user to run them."},
    BuiltinMetric{B::checks, "checks", rate, plain, M::check, "", "The share of checks that held."},
    BuiltinMetric{B::group_duration, "group_duration", trend, time, M::group, "",
                  "Of a group step, with all that is in it."},
    BuiltinMetric{B::data_sent, "data_sent", counter, data, M::iteration, "",
                  "Bytes that an iteration sent."},
    BuiltinMetric{B::data_received, "data_received", counter, data, M::iteration, "",
                  "Bytes that an iteration received."},
    BuiltinMetric{B::http_reqs, "http_reqs", counter, plain, M::request, "",
                  "Requests, each attempt and each redirect by itself."},
    BuiltinMetric{B::http_req_failed, "http_req_failed", rate, plain, M::request, "",
                  "The share with a status that was not expected, or without a response."},
    BuiltinMetric{B::http_req_duration, "http_req_duration", trend, time, M::request, "",
                  "Sending, waiting and receiving together."},
    BuiltinMetric{B::http_req_blocked, "http_req_blocked", trend, time, M::request, "",
                  "Waiting for a connection."},
    BuiltinMetric{B::http_req_connecting, "http_req_connecting", trend, time, M::request, "",
                  "Opening the connection."},
    BuiltinMetric{B::http_req_tls_handshaking, "http_req_tls_handshaking", trend, time, M::request,
                  "", "Of TLS."},
    BuiltinMetric{B::http_req_sending, "http_req_sending", trend, time, M::request, "",
                  "Writing the request."},
    BuiltinMetric{B::http_req_waiting, "http_req_waiting", trend, time, M::request, "",
                  "From there to the first byte of the response."},
    BuiltinMetric{B::http_req_receiving, "http_req_receiving", trend, time, M::request, "",
                  "From there to the last."},
    BuiltinMetric{B::llm_requests_success, "llm_requests_success", counter, plain, M::chat, "",
                  "Chat steps that succeeded."},
    BuiltinMetric{B::llm_requests_error, "llm_requests_error", counter, plain, M::failure, "",
                  "Chat steps that failed."},
    BuiltinMetric{B::llm_success_rate, "llm_success_rate", rate, plain, M::chat, "",
                  "The share of chat steps that succeeded."},
    BuiltinMetric{B::llm_tokens_generated, "llm_tokens_generated", trend, plain, M::tokens,
                  "tokens", "Completion tokens of a response."},
    BuiltinMetric{B::llm_total_tokens, "llm_total_tokens", counter, plain, M::tokens, "tokens",
                  "The same, over all responses."},
    BuiltinMetric{B::llm_time_to_first_response, "llm_time_to_first_response", trend, time, M::chat,
                  "", "To the first byte of the response."},
    BuiltinMetric{B::llm_response_time, "llm_response_time", trend, time, M::chat, "",
                  "As the caller waits, retries included."},
    BuiltinMetric{B::llm_hourly_latency, "llm_hourly_latency", trend, time, M::window, "",
                  "The mean response time of a window."},
    BuiltinMetric{B::llm_time_to_first_token, "llm_time_to_first_token", trend, time, M::stream, "",
                  "To the first content token, when its bytes are read."},
    BuiltinMetric{B::llm_tokens_per_second, "llm_tokens_per_second", trend, plain, M::chat,
                  "tokens/s", "Completion tokens over the response time."},
    BuiltinMetric{B::llm_streaming_success, "llm_streaming_success", rate, plain, M::stream, "",
                  "The share with status 200, no in-band error, a finish_reason and [DONE]."},
    BuiltinMetric{B::llm_streaming_errors, "llm_streaming_errors", counter, plain, M::failure, "",
                  "Streams that are no success."},
    BuiltinMetric{B::llm_time_to_first_event, "llm_time_to_first_event", trend, time, M::stream, "",
                  "To the first event, whatever is in it."},
    BuiltinMetric{B::llm_inter_token_latency, "llm_inter_token_latency", trend, time, M::stream, "",
                  "Between two content chunks; many of each stream."},
    BuiltinMetric{B::llm_time_per_output_token, "llm_time_per_output_token", trend, time, M::stream,
                  "", "From the first token to the last, over the tokens between."},
    BuiltinMetric{B::llm_stream_stall_max, "llm_stream_stall_max", trend, time, M::stream, "",
                  "The longest gap of a stream."},
    BuiltinMetric{B::llm_goodput, "llm_goodput", rate, plain, M::chat, "",
                  "The share that met the objectives of its step."},
    BuiltinMetric{B::llm_stream_in_band_errors, "llm_stream_in_band_errors", counter, plain,
                  M::stream, "", "Streams with an error event."},
    BuiltinMetric{B::llm_stream_missing_done, "llm_stream_missing_done", counter, plain, M::stream,
                  "", "Streams without [DONE]."},
    BuiltinMetric{B::llm_stream_missing_content, "llm_stream_missing_content", counter, plain,
                  M::stream, "", "Streams without content."},
    BuiltinMetric{B::llm_stream_missing_finish_reason, "llm_stream_missing_finish_reason", counter,
                  plain, M::stream, "", "Streams without a finish_reason."},
    BuiltinMetric{B::llm_stream_cut_short, "llm_stream_cut_short", counter, plain, M::stream, "",
                  "Streams whose connection ended before they did."},
    BuiltinMetric{B::llm_token_count_mismatches, "llm_token_count_mismatches", counter, plain,
                  M::chat, "",
                  "Responses whose usage disagrees with their counted content chunks."},
    BuiltinMetric{B::llm_retries, "llm_retries", counter, plain, M::retry, "",
                  "Attempts after the first."},
    BuiltinMetric{B::llm_latency_drift, "llm_latency_drift", gauge, plain, M::window, "% per hour",
                  "How the response time moves over the run."},
    BuiltinMetric{B::iteration_duration_intended, "iteration_duration_intended", trend, time,
                  M::arrival, "", "From when the iteration was to start, not from when it did."},
    BuiltinMetric{B::iteration_start_delay, "iteration_start_delay", trend, time, M::arrival, "",
                  "How late iterations start."},
    BuiltinMetric{B::llm_latency_drift_low, "llm_latency_drift_low", gauge, plain, M::window,
                  "% per hour", "The lower end of the drift's 95 % confidence interval."},
    BuiltinMetric{B::llm_latency_drift_high, "llm_latency_drift_high", gauge, plain, M::window,
                  "% per hour", "The upper end."},
    BuiltinMetric{B::llm_retry_amplification, "llm_retry_amplification", trend, plain, M::retry,
                  "requests", "Requests that a step with retries sent."},
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
