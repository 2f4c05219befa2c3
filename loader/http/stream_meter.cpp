#include "loader/http/stream_meter.h"

#include <algorithm>
#include <string>
#include <utility>

namespace loader {

void StreamMeter::push(std::string_view bytes, lab::TimePoint now) {
  decoder_.push(bytes, [this, now](const lab::SseEvent& event) { take_event(event, now); });
}

void StreamMeter::take_event(const lab::SseEvent& event, lab::TimePoint now) {
  // What some gateways append after [DONE] is not the answer's.
  if (report_.is_done()) return;
  if (!report_.first_event) report_.first_event = now;
  if (event.data.starts_with("[DONE]")) {
    report_.done = now;
    return;
  }
  // OpenAI's clients read an event whatever it is called, so its name only excuses what is no JSON:
  // "ping" and the like.
  const bool has_own_name = !event.event.empty() && event.event != "message";
  const auto& chunk = chunks_.read(event.data);
  if (event.event == "error") {
    const bool has_info = chunk.has_value() && chunk->error;
    report_.answer.fail(has_info ? *chunk->error
                                 : lab::ErrorInfo{.message = std::string(event.data)});
  } else if (chunk.has_value()) {
    take_chunk(*chunk, now);
  } else if (!has_own_name) {
    ++report_.malformed_parts;
  }
}

void StreamMeter::take_chunk(const lab::ChatChunk& chunk, lab::TimePoint now) {
  const lab::Answer::Brought brought = report_.answer.add(chunk);
  for (int i = 0; i < brought.tokens; ++i) take_token(now);
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

AnswerReport StreamMeter::finish(unsigned status, BodyEnd end, lab::TimePoint now) {
  if (report_.last_token) {
    const lab::TimePoint whole = report_.done.value_or(now);
    report_.stall_max = std::max(report_.stall_max, whole - *report_.last_token);
  }
  if (decoder_.has_failed()) ++report_.malformed_parts;
  report_.is_cut = decoder_.has_unfinished_event() && !decoder_.has_failed();
  report_.failure = judge(report_, status, end);
  return std::move(report_);
}

}  // namespace loader
