#include "mockgw/chat/stream_writer.h"

#include <cstdint>

namespace mockgw {

StreamWriter::StreamWriter(const ChatPlan& plan, const StreamTexts& texts, bool include_usage,
                           const FaultPlan& faults)
    : plan_(plan), texts_(texts), chunks_(plan.head, include_usage, plan.padding) {
  if (faults.has(FaultKind::data_no_space)) data_ = "data:";
  if (faults.has(FaultKind::crlf_framing)) line_end_ = "\r\n";
}

template <class Write>
void StreamWriter::append_event(std::string& out, Write write) const {
  out += data_;
  write();
  out.append(line_end_).append(line_end_);
}

void StreamWriter::append_named(std::string& out, const StreamEvent& event) const {
  if (!event.event.empty()) out.append("event: ").append(event.event).append(line_end_);
  append_event(out, [&] { out += event.data; });
}

void StreamWriter::append_role(std::string& out, const StreamStep& step) {
  chunks_.append_role(out, static_cast<int>(step.choice),
                      plan_.choices[step.choice].tool_calls().empty());
}

void StreamWriter::append_tool_call(std::string& out, const StreamStep& step) {
  const Completion& completion = plan_.choices[step.choice];
  const std::size_t index = completion.tool_call_of(step.token);
  const PlannedToolCall& call = completion.tool_calls()[index];
  const lab::ToolCallPlace place{static_cast<int>(step.choice), static_cast<int>(index), call.form};
  if (step.kind == StreamStepKind::role_and_tool_call) {
    return chunks_.append_role_with_tool_call(out, place, call.id, call.name);
  }
  chunks_.append_tool_call_start(out, place, call.id, call.name);
}

void StreamWriter::append_content(std::string& out, const StreamStep& step) {
  const Completion& completion = plan_.choices[step.choice];
  const auto choice = static_cast<int>(step.choice);
  const std::string_view token = completion.token(step.token);
  if (!completion.tool_calls().empty()) {
    const std::size_t call = completion.tool_call_of(step.token);
    const lab::CallForm form = completion.tool_calls()[call].form;
    return chunks_.append_tool_call_arguments(out, {choice, static_cast<int>(call), form}, token);
  }
  if (!plan_.logprobs) return chunks_.append_content(out, choice, token);
  const lab::TokenLogprob logprob = token_logprob(*plan_.logprobs, step.choice, step.token, token);
  chunks_.append_content(out, choice, token, &logprob);
}

void StreamWriter::append(std::string& out, const StreamStep& step) {
  const auto choice = static_cast<int>(step.choice);
  // By the chunk's identity, so that one that is sent twice is the same again.
  if (plan_.padding) {
    const std::uint64_t place =
        std::uint64_t{step.choice} << 8 | static_cast<std::uint8_t>(step.kind);
    chunks_.set_padding(plan_.padding->child("chunk", place, step.token));
  }
  switch (step.kind) {
    case StreamStepKind::role:
      return append_event(out, [&] { append_role(out, step); });
    case StreamStepKind::role_and_tool_call:
    case StreamStepKind::tool_call:
      return append_event(out, [&] { append_tool_call(out, step); });
    case StreamStepKind::content:
      return append_event(out, [&] { append_content(out, step); });
    case StreamStepKind::finish:
      return append_event(
          out, [&] { chunks_.append_finish(out, choice, plan_.finish_reason(step.choice)); });
    case StreamStepKind::usage:
      return append_event(out, [&] { chunks_.append_usage(out, plan_.usage); });
    case StreamStepKind::done:
      return append_event(out, [&] { out += "[DONE]"; });
    case StreamStepKind::error:
      return append_named(out, texts_.error);
    case StreamStepKind::trailer:
      return append_named(out, texts_.trailer);
    case StreamStepKind::malformed:
      return append_event(out,
                          [&] { out += R"({"id":"chatcmpl-broken","choices":[{"index":0,"del)"; });
    case StreamStepKind::comment:
      out.append(":").append(texts_.comment).append(line_end_).append(line_end_);
      return;
    case StreamStepKind::head:
    case StreamStepKind::end:
    case StreamStepKind::close:
    case StreamStepKind::reset:
      return;
  }
}

std::size_t split_inside_character(std::string_view bytes) {
  constexpr unsigned char kFirstLeadByte = 0xC2;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (static_cast<unsigned char>(bytes[i]) >= kFirstLeadByte) return i + 1;
  }
  return bytes.size();
}

}  // namespace mockgw
