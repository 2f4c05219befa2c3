#include "loader/http/stream_meter.h"

#include <algorithm>
#include <utility>

namespace loader {

std::string_view to_string(AnswerFailure failure) {
  switch (failure) {
    case AnswerFailure::none:
      return "none";
    case AnswerFailure::status:
      return "status";
    case AnswerFailure::in_band_error:
      return "in_band_error";
    case AnswerFailure::timed_out:
      return "timed_out";
    case AnswerFailure::cut_short:
      return "cut_short";
    case AnswerFailure::malformed:
      return "malformed";
    case AnswerFailure::missing_content:
      return "missing_content";
    case AnswerFailure::missing_finish_reason:
      return "missing_finish_reason";
    case AnswerFailure::missing_done:
      return "missing_done";
  }
  return "unknown";
}

bool StreamReport::has_plausible_usage() const {
  return usage && is_plausible_token_count(usage->completion_tokens) &&
         is_plausible_token_count(usage->reasoning_tokens);
}

bool StreamReport::has_token_mismatch() const {
  if (!usage) return false;
  if (!has_plausible_usage()) return true;
  if (has_uncounted_output) return false;
  return usage->completion_tokens - usage->reasoning_tokens != counted_tokens;
}

void StreamMeter::push(std::string_view bytes, lab::TimePoint now) {
  decoder_.push(bytes, [this, now](const lab::SseEvent& event) { take_event(event, now); });
}

void StreamMeter::take_event(const lab::SseEvent& event, lab::TimePoint now) {
  // What some gateways append after [DONE] is not the answer's.
  if (report_.is_done) return;
  if (!report_.first_event) report_.first_event = now;
  if (event.data.starts_with("[DONE]")) {
    report_.is_done = true;
    return;
  }
  const bool is_error = event.event == "error";
  if (!event.event.empty() && event.event != "message" && !is_error) return;
  const auto chunk = lab::parse_chat_chunk(event.data);
  if (is_error && !report_.in_band_error) {
    const bool has_info = chunk.has_value() && chunk->error;
    report_.in_band_error =
        has_info ? *chunk->error : lab::ErrorInfo{.message = std::string(event.data)};
    return;
  }
  if (chunk.has_error()) {
    ++report_.malformed_events;
    return;
  }
  take_chunk(*chunk, now);
}

void StreamMeter::take_chunk(const lab::ChatChunk& chunk, lab::TimePoint now) {
  if (chunk.error && !report_.in_band_error) report_.in_band_error = chunk.error;
  if (chunk.usage) report_.usage = chunk.usage;
  for (const lab::ChoiceDelta& choice : chunk.choices) {
    const auto index = static_cast<std::size_t>(choice.index);
    if (index < kChoicesMax) begun_.set(index);
    if (!choice.finish_reason.empty() && index < kChoicesMax) finished_.set(index);
    if (!choice.reasoning.empty() || !choice.tool_calls.empty()) {
      report_.has_uncounted_output = true;
    }
    if (!choice.content.empty()) ++report_.counted_tokens;
    if (!choice.content.empty() || !choice.tool_calls.empty()) take_token(now);
  }
}

void StreamMeter::take_token(lab::TimePoint now) {
  if (!report_.first_token) {
    report_.first_token = now;
  } else {
    const lab::Duration latency = now - *report_.last_token;
    report_.inter_token_latencies.push_back(latency);
    report_.stall_max = std::max(report_.stall_max, latency);
  }
  report_.last_token = now;
}

StreamReport StreamMeter::finish(unsigned status, BodyEnd end, lab::TimePoint now) {
  if (report_.last_token) {
    report_.stall_max = std::max(report_.stall_max, now - *report_.last_token);
  }
  if (decoder_.has_failed()) ++report_.malformed_events;
  report_.is_cut = decoder_.has_unfinished_event() && !decoder_.has_failed();
  report_.has_finish_reason = begun_.any() && (begun_ & ~finished_).none();
  report_.failure = judge(status, end);
  return std::move(report_);
}

AnswerFailure StreamMeter::judge(unsigned status, BodyEnd end) const {
  if (status != 200) return AnswerFailure::status;
  if (report_.in_band_error) return AnswerFailure::in_band_error;
  // Whoever has read [DONE] has the whole answer, however the connection went on.
  if (end == BodyEnd::timed_out && !report_.is_done) return AnswerFailure::timed_out;
  if ((end != BodyEnd::complete || report_.is_cut) && !report_.is_done) {
    return AnswerFailure::cut_short;
  }
  if (report_.malformed_events > 0) return AnswerFailure::malformed;
  if (!report_.first_token) return AnswerFailure::missing_content;
  if (!report_.has_finish_reason) return AnswerFailure::missing_finish_reason;
  if (!report_.is_done) return AnswerFailure::missing_done;
  return AnswerFailure::none;
}

}  // namespace loader
