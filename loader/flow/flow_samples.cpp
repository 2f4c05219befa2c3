#include "loader/flow/flow_samples.h"

#include <string>
#include <utility>

#include "shared/protocol/error_envelope.h"

namespace loader {
namespace {

using Builtin = BuiltinMetrics;

/// Samples of one request share their tags and their time.
class SampleWriter {
 public:
  SampleWriter(Metrics& metrics, TagSetId tags, lab::TimePoint at)
      : metrics_(metrics), tags_(tags), at_(at) {}

  void number(MetricId metric, double value) { metrics_.add(metric, value, tags_, at_); }
  void flag(MetricId metric, bool value) { number(metric, value ? 1 : 0); }
  void time(MetricId metric, lab::Duration value) { number(metric, lab::to_milliseconds(value)); }
  void time(MetricId metric, const std::optional<lab::Duration>& value) {
    if (value) time(metric, *value);
  }
  void count_if(bool happened, MetricId metric) {
    if (happened) number(metric, 1);
  }

 private:
  Metrics& metrics_;
  TagSetId tags_;
  lab::TimePoint at_;
};

void add_stream_samples(SampleWriter& out, const LlmResult& result) {
  out.flag(Builtin::llm_streaming_success, result.stream_failure == AnswerFailure::none);
  out.time(Builtin::llm_time_to_first_event, result.time_to_first_event);
  out.time(Builtin::llm_time_to_first_token, result.time_to_first_token);
  out.time(Builtin::llm_stream_stall_max, result.stall_max);
  for (const lab::Duration latency : result.inter_token_latencies) {
    out.time(Builtin::llm_inter_token_latency, latency);
  }
  if (result.is_success) {
    out.time(Builtin::llm_time_per_output_token, result.time_per_output_token);
  }
  out.count_if(result.has_in_band_error, Builtin::llm_stream_in_band_errors);
  out.count_if(result.is_cut_short, Builtin::llm_stream_cut_short);
  out.count_if(result.misses_done, Builtin::llm_stream_missing_done);
  out.count_if(result.misses_content, Builtin::llm_stream_missing_content);
  out.count_if(result.misses_finish_reason, Builtin::llm_stream_missing_finish_reason);
}

// `answer` is what came of a chat request as such; null for other requests.
std::string_view outcome_name(const HttpOutcome& outcome, const AnswerReport* answer) {
  if (!outcome.has_response() && outcome.head_status == 0) return "transport";
  if (answer != nullptr) return answer->is_success() ? "ok" : to_string(answer->failure);
  if (!outcome.has_response()) return "transport";
  return outcome.is_expected ? "ok" : "status";
}

RequestPhases phases_of(const HttpTimings& timings) {
  return {.blocked = timings.blocked,
          .connecting = timings.connecting,
          .tls_handshaking = timings.tls_handshaking,
          .sending = timings.sending,
          .waiting = timings.waiting,
          .receiving = timings.receiving};
}

void add_chat(RequestRecord& record, const FinishedRequest& request, lab::TimePoint send_started) {
  const AnswerReport& answer = *request.answer;
  record.is_chat = true;
  record.is_stream = request.call.meter != nullptr;
  record.model = request.model;
  record.tokens_in = answer.answer.believed_prompt_tokens();
  if (answer.is_success()) record.tokens_out = answer.tokens();
  if (record.tokens_out) record.token_source = to_string(token_source(answer));
  if (!answer.is_stream) return;
  record.chunks = answer.answer.counted_tokens();
  record.inter_token_latencies = answer.inter_token_latencies;
  if (answer.first_token) record.time_to_first_token = *answer.first_token - send_started;
}

// Why it is not ok, in the words of whoever knows; `said` is memory for those that must be read out
// of the body first.
std::string_view reason_of(const HttpOutcome& outcome, const AnswerReport* answer,
                           std::string& said) {
  if (!outcome.error.text.empty()) return outcome.error.text;
  if (answer != nullptr) {
    if (answer->answer.error()) return answer->answer.error()->message;
    if (!answer->answer.abnormal_finish().empty()) return answer->answer.abnormal_finish();
  }
  if (outcome.status < 400) return {};
  if (auto error = lab::read_error_envelope(outcome.body)) said = std::move(error->message);
  return said;
}

// Cut between characters.
std::string_view bounded(std::string_view text) {
  if (text.size() <= kReasonBytesMax) return text;
  constexpr auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
  };
  std::size_t end = kReasonBytesMax;
  while (end > 0 && is_continuation(text[end])) --end;
  return text.substr(0, end);
}

}  // namespace

std::string_view request_id_of(const lab::HttpRequest& request) {
  return request.headers.find("X-Request-ID").value_or("");
}

void add_http_samples(Metrics& metrics, const HttpOutcome& outcome, TagSetId tags, bool is_judged) {
  const HttpTimings& timings = outcome.timings;
  SampleWriter out(metrics, tags, outcome.finished);
  out.number(Builtin::http_reqs, 1);
  out.time(Builtin::http_req_duration, timings.duration());
  out.time(Builtin::http_req_blocked, timings.blocked);
  out.time(Builtin::http_req_connecting, timings.connecting);
  out.time(Builtin::http_req_tls_handshaking, timings.tls_handshaking);
  out.time(Builtin::http_req_sending, timings.sending);
  out.time(Builtin::http_req_waiting, timings.waiting);
  out.time(Builtin::http_req_receiving, timings.receiving);
  if (is_judged) out.flag(Builtin::http_req_failed, !outcome.is_expected);
}

void add_llm_samples(Metrics& metrics, const LlmResult& result, const LlmTags& tags,
                     lab::TimePoint at) {
  SampleWriter out(metrics, tags.answer, at);
  out.count_if(result.is_success, Builtin::llm_requests_success);
  SampleWriter(metrics, tags.failure, at).count_if(!result.is_success, Builtin::llm_requests_error);
  out.flag(Builtin::llm_success_rate, result.is_success);
  out.flag(Builtin::llm_goodput, result.is_good);
  out.time(Builtin::llm_response_time, result.response_time);
  out.time(Builtin::llm_time_to_first_response, result.time_to_first_response);
  if (result.tokens) {
    SampleWriter of_tokens(metrics, tags.tokens, at);
    of_tokens.number(Builtin::llm_tokens_generated, static_cast<double>(*result.tokens));
    of_tokens.number(Builtin::llm_total_tokens, static_cast<double>(*result.tokens));
  }
  if (result.tokens_per_second) {
    out.number(Builtin::llm_tokens_per_second, *result.tokens_per_second);
  }
  out.count_if(result.has_token_mismatch, Builtin::llm_token_count_mismatches);
  if (!result.is_stream) return;
  add_stream_samples(out, result);
  SampleWriter(metrics, tags.failure, at)
      .count_if(result.stream_failure != AnswerFailure::none, Builtin::llm_streaming_errors);
}

LlmTags llm_tags(FlowTags& all, const LlmResult& result, TagSetId answer) {
  LlmTags tags{answer, answer, answer};
  // Where both are there they are the same.
  const AnswerFailure failure = result.is_success ? result.stream_failure : result.failure;
  if (failure != AnswerFailure::none) {
    tags.failure = all.with(answer, "reason", to_string(failure));
  }
  if (result.tokens) {
    tags.tokens = all.with(answer, "token_source", to_string(result.token_source));
  }
  return tags;
}

void record_request(RunContext& context, const RequestRecord& of_iteration,
                    const FinishedRequest& request) {
  if (!context.settings().on_request || context.metrics().is_muted()) return;
  const HttpOutcome& outcome = request.response.outcome;
  const auto& redirected = request.response.redirected;
  RequestRecord record = of_iteration;
  record.tags = request.response.tags;
  record.start = outcome.started;
  record.end = outcome.finished;
  record.status = outcome.status;
  record.error_code =
      outcome.error.code != 0 ? outcome.error.code : status_error(outcome.status).code;
  record.outcome = outcome_name(outcome, request.answer);
  record.is_failed = request.call.step->has_expectation && !outcome.is_expected;
  record.request_id = request_id_of(*request.call.request);
  record.host = redirected ? redirected->host : request.call.target->host;
  record.phases = phases_of(outcome.timings);
  if (request.answer != nullptr) add_chat(record, request, outcome.send_started);
  std::string said;
  if (record.outcome != "ok") record.reason = bounded(reason_of(outcome, request.answer, said));
  context.settings().on_request(record);
}

}  // namespace loader
