// A chat request as a client may send it; what mockgw plans for it and writes, the loader's readers
// read back.
#include <string>
#include <utility>

#include "mockgw/chat/chat_body.h"
#include "mockgw/chat/chat_plan.h"
#include "mockgw/chat/prompt_blocks.h"
#include "mockgw/chat/stream_script.h"
#include "mockgw/chat/stream_writer.h"
#include "shared/protocol/chat_chunk.h"
#include "shared/protocol/sse.h"
#include "tests/fuzz/fuzz.h"

namespace mockgw {
namespace {

// Few, so that an input costs little.
constexpr std::uint64_t kTokensMax = 96;

const ModelConfig& model() {
  static const ModelConfig model{
      .id = "gpt-4", .latency = LatencyConfig::healthy(), .tokens = TokensConfig::healthy()};
  return model;
}

void check_plan(const ChatPlan& plan, const lab::ChatRequest& request) {
  assert(plan.choices.size() == static_cast<std::size_t>(request.n));
  std::size_t tokens = 0;
  std::size_t longest = 0;
  for (const Completion& choice : plan.choices) {
    tokens += choice.tokens();
    longest = std::max(longest, choice.tokens());
    if (request.max_tokens) {
      assert(choice.tokens() <= static_cast<std::uint64_t>(*request.max_tokens));
    }
  }
  assert(tokens <= std::max<std::uint64_t>(kTokensMax, plan.choices.size()));
  assert(plan.usage.completion_tokens == static_cast<std::int64_t>(tokens));
  assert(plan.schedule.tokens.size() == longest);
  assert(plan.usage.prompt_tokens >= 0);
}

std::string arguments_of(const lab::ChoiceDelta& delta) {
  std::string arguments;
  for (const lab::ToolCallDelta& call : delta.tool_calls) arguments += call.arguments;
  return arguments;
}

// What a reader makes of a choice: of a call in an older or newer form than a tool's it only notes
// that there is one.
std::string readable_text(const Completion& choice) {
  if (choice.tool_calls().empty()) return std::string(choice.text());
  std::string text;
  for (std::size_t i = 0; i < choice.tool_calls().size(); ++i) {
    if (choice.tool_calls()[i].form == lab::CallForm::tool) text += choice.arguments(i);
  }
  return text;
}

void check_body(const ChatPlan& plan) {
  std::string body;
  std::vector<lab::CompletionChoice> room;
  append_chat_body(body, plan, {}, room);
  const auto read = lab::parse_chat_chunk(body);
  assert(read && read->choices.size() == plan.choices.size() && read->usage);
  assert(read->usage->completion_tokens == plan.usage.completion_tokens);
  for (std::size_t i = 0; i < plan.choices.size(); ++i) {
    const lab::ChoiceDelta& choice = read->choices[i];
    assert(choice.content + arguments_of(choice) == readable_text(plan.choices[i]));
  }
}

void check_stream(const ChatPlan& plan, bool include_usage) {
  const StreamingBehaviour behaviour;
  const auto script = script_stream(plan, behaviour, include_usage, {}, {});
  const StreamTexts texts;
  StreamWriter writer(plan, texts, include_usage, {});
  std::string bytes;
  lab::Duration before{};
  for (const StreamStep& step : script) {
    assert(step.due >= before);
    before = step.due;
    writer.append(bytes, step);
  }
  std::vector<std::string> said(plan.choices.size());
  bool is_done = false;
  lab::SseDecoder decoder;
  decoder.push(bytes, [&](const lab::SseEvent& event) {
    assert(!is_done);
    is_done = event.data == "[DONE]";
    if (is_done) return;
    const auto chunk = lab::parse_chat_chunk(event.data);
    assert(chunk && !chunk->error);
    for (const lab::ChoiceDelta& choice : chunk->choices) {
      said.at(static_cast<std::size_t>(choice.index)) += choice.content + arguments_of(choice);
    }
  });
  assert(is_done && !decoder.has_unfinished_event());
  for (std::size_t i = 0; i < said.size(); ++i) assert(said[i] == readable_text(plan.choices[i]));
}

void answer(const lab::ChatRequest& request) {
  ChatPlan plan;
  plan_chat({.request = request, .model = model(), .request_id = "1", .tokens_max = kTokensMax}, {},
            lab::Rng(1), plan);
  check_plan(plan, request);
  check_body(plan);
  check_stream(plan, request.include_usage);
  (void)prompt_blocks(request, 16);
}

}  // namespace
}  // namespace mockgw

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = lab::fuzz::text_of(data, size);
  const auto request = lab::parse_chat_request(body);
  if (request) {
    mockgw::answer(*request);
  } else {
    assert(!request.error().message.empty());
  }
  // OpenAI takes nothing that others refuse.
  assert(request || !lab::parse_chat_request(body, {.checks_like_openai = true}));
  (void)lab::parse_chat_request(body, {.has_vllm_sampling = true});
  return 0;
}
