#include "mockgw/chat/tool_calls.h"

#include <algorithm>
#include <string>
#include <utility>

#include "mockgw/chat/request_identity.h"
#include "mockgw/chat/schema_json.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using Tools = std::vector<const lab::ChatTool*>;

constexpr std::size_t kCallIdLength = 24;

Tools named(const lab::ChatRequest& request) {
  for (const lab::ChatTool& tool : request.tools) {
    if (tool.name == request.tool_choice.function) return {&tool};
  }
  return {};
}

// Several calls go through the tools in turn, and so to the same one again if there are too few.
Tools drawn(const lab::ChatRequest& request, const ToolCallsConfig& config, lab::Rng rng) {
  const std::size_t first = rng.below(request.tools.size());
  Tools tools;
  const std::size_t count = request.parallel_tool_calls ? config.parallel : 1;
  for (std::size_t i = 0; i < count; ++i) {
    tools.push_back(&request.tools[(first + i) % request.tools.size()]);
  }
  return tools;
}

std::string call_id(const lab::Rng& rng, std::size_t call) {
  std::string id = "call_";
  append_random_id(id, kCallIdLength, rng.child("call-id", call));
  return id;
}

std::string arguments(const lab::ChatTool& tool, lab::Rng rng, SchemaBudget& budget) {
  const lab::Json value = value_for_schema(*tool.parameters, rng, budget);
  // Arguments are an object, whatever the schema leaves open.
  return value.is_object() ? value.dump() : "{}";
}

}  // namespace

Tools choose_tools(const lab::ChatRequest& request, const ToolCallsConfig& config, lab::Rng rng) {
  if (request.tools.empty()) return {};
  switch (request.tool_choice.kind) {
    case lab::ToolChoice::Kind::none:
      return {};
    case lab::ToolChoice::Kind::function:
      return named(request);
    case lab::ToolChoice::Kind::required:
      return drawn(request, config, rng);
    case lab::ToolChoice::Kind::automatic:
      break;
  }
  const bool asks = request.messages.back().role == lab::Role::user;
  if (!asks || rng.child("probability").uniform01() >= config.probability) return {};
  return drawn(request, config, rng);
}

Completion generate_tool_calls(const Tools& tools, std::uint64_t tokens_max, const lab::Rng& rng,
                               Completion reuse) {
  Completion completion = std::move(reuse);
  completion.clear();
  for (std::size_t i = 0; i < tools.size() && !completion.cut_by_length; ++i) {
    if (completion.tokens() >= tokens_max) {
      completion.cut_by_length = true;
      break;
    }
    completion.begin_tool_call(call_id(rng, i), tools[i]->name);
    SchemaBudget budget = SchemaBudget::of_tokens(tokens_max - completion.tokens());
    completion.add_text(arguments(*tools[i], rng.child("arguments", i), budget), tokens_max);
    completion.schema_steps += budget.steps;
    if (budget.is_spent()) completion.cut_by_length = true;
  }
  return completion;
}

}  // namespace mockgw
