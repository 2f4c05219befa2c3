#include "mockgw/chat/chat_body.h"

#include <cassert>

namespace mockgw {
namespace {

// Takes the member `usage` out of a body of ours. No text of an answer can be mistaken for it:
// quotes are escaped there.
void remove_usage(std::string& body) {
  const std::size_t begin = body.rfind(",\"usage\":{");
  assert(begin != std::string::npos);
  std::size_t end = body.find('{', begin);
  for (int depth = 0; end < body.size(); ++end) {
    if (body[end] == '{') ++depth;
    if (body[end] == '}' && --depth == 0) break;
  }
  body.erase(begin, end + 1 - begin);
}

std::vector<lab::TokenLogprob> logprobs_of(const LogprobsPlan& plan, std::size_t choice,
                                           const Completion& completion) {
  std::vector<lab::TokenLogprob> logprobs;
  logprobs.reserve(completion.tokens());
  for (std::size_t i = 0; i < completion.tokens(); ++i) {
    logprobs.push_back(token_logprob(plan, choice, i, completion.token(i)));
  }
  return logprobs;
}

void fill_message(const Completion& completion, lab::CompletionChoice& choice) {
  choice.tool_calls.clear();
  choice.logprobs.reset();
  if (completion.tool_calls().empty()) {
    choice.content = completion.text();
    return;
  }
  choice.content.clear();
  for (std::size_t i = 0; i < completion.tool_calls().size(); ++i) {
    const PlannedToolCall& call = completion.tool_calls()[i];
    choice.tool_calls.push_back(
        {call.id, call.name, std::string(completion.arguments(i)), call.form});
  }
}

void fill_choice(const ChatPlan& plan, std::size_t index, lab::CompletionChoice& choice) {
  const Completion& completion = plan.choices[index];
  fill_message(completion, choice);
  choice.finish_reason = plan.finish_reason(index);
  const bool is_text = completion.tool_calls().empty();
  if (is_text && plan.logprobs) choice.logprobs = logprobs_of(*plan.logprobs, index, completion);
}

}  // namespace

lab::CompletionChoice message_of(const ChatPlan& plan, std::size_t choice) {
  lab::CompletionChoice message;
  fill_message(plan.choices[choice], message);
  return message;
}

void append_chat_body(std::string& out, const ChatPlan& plan, const FaultPlan& faults,
                      std::vector<lab::CompletionChoice>& choices) {
  choices.resize(plan.choices.size());
  for (std::size_t i = 0; i < choices.size(); ++i) fill_choice(plan, i, choices[i]);
  lab::append_chat_completion(out, plan.head, choices, plan.usage);
  if (faults.empty()) return;
  if (faults.has(FaultKind::missing_usage)) remove_usage(out);
  if (faults.has(FaultKind::malformed_chunk) || faults.has(FaultKind::truncate_no_done)) {
    out.resize(out.size() / 2);
  }
}

}  // namespace mockgw
