#include "mockgw/chat/tool_calls.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "mockgw/chat/request_identity.h"
#include "mockgw/chat/schema_json.h"
#include "mockgw/chat/vocabulary.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using Tools = std::vector<const lab::ChatTool*>;

constexpr std::size_t kCallIdLength = 24;
constexpr std::size_t kInputWords = 8;

// What may be called, how, and how often.
struct Offer {
  Tools tools;
  const lab::ToolChoice& choice;
  std::size_t count = 1;
};

Tools pointers(const std::vector<lab::ChatTool>& tools) {
  Tools all;
  for (const lab::ChatTool& tool : tools) all.push_back(&tool);
  return all;
}

Offer offer_of(const lab::ChatRequest& request, const ToolCallsConfig& config) {
  if (request.tools.empty()) {
    assert(request.unusual);
    return {pointers(request.unusual->functions), request.unusual->function_call};
  }
  Offer offer{pointers(request.tools), request.tool_choice};
  if (request.parallel_tool_calls) offer.count = config.parallel;
  if (request.unusual && !request.unusual->allowed_tools.empty()) {
    const std::vector<std::string>& allowed = request.unusual->allowed_tools;
    std::erase_if(offer.tools, [&](const lab::ChatTool* tool) {
      return std::ranges::find(allowed, tool->name) == allowed.end();
    });
  }
  return offer;
}

Tools named(const Offer& offer) {
  for (const lab::ChatTool* tool : offer.tools) {
    if (tool->name == offer.choice.function) return {tool};
  }
  return {};
}

// Several calls go through the tools in turn, and so to the same one again if there are too few.
Tools drawn(const Offer& offer, lab::Rng rng) {
  const std::size_t first = rng.below(offer.tools.size());
  Tools tools;
  for (std::size_t i = 0; i < offer.count; ++i) {
    tools.push_back(offer.tools[(first + i) % offer.tools.size()]);
  }
  return tools;
}

std::string call_id(const lab::Rng& rng, std::size_t call) {
  std::string id = "call_";
  append_random_id(id, kCallIdLength, rng.child("call-id", call));
  return id;
}

// Free text: no grammar that the tool's format has is kept.
std::string input(lab::Rng rng) {
  std::string text;
  for (std::size_t i = 0; i < kInputWords; ++i) text += kWords[rng.below(kWords.size())];
  return text.substr(1);
}

std::string arguments(const lab::ChatTool& tool, lab::Rng rng, SchemaBudget& budget) {
  if (tool.form == lab::CallForm::custom) return input(rng);
  const lab::Json value = value_for_schema(*tool.parameters, rng, budget);
  // Arguments are an object, whatever the schema leaves open.
  return value.is_object() ? value.dump() : "{}";
}

}  // namespace

bool offers_calls(const lab::ChatRequest& request) {
  return !request.tools.empty() || (request.unusual && !request.unusual->functions.empty());
}

bool names_its_call(const lab::ChatRequest& request) {
  if (!offers_calls(request)) return false;
  const lab::ToolChoice& choice =
      request.tools.empty() ? request.unusual->function_call : request.tool_choice;
  return choice.kind == lab::ToolChoice::Kind::function;
}

Tools choose_tools(const lab::ChatRequest& request, const ToolCallsConfig& config, lab::Rng rng) {
  if (!offers_calls(request)) return {};
  const Offer offer = offer_of(request, config);
  if (offer.tools.empty()) return {};
  switch (offer.choice.kind) {
    case lab::ToolChoice::Kind::none:
      return {};
    case lab::ToolChoice::Kind::function:
      return named(offer);
    case lab::ToolChoice::Kind::required:
      return drawn(offer, rng);
    case lab::ToolChoice::Kind::automatic:
      break;
  }
  const bool asks = request.messages.back().role == lab::Role::user;
  if (!asks || rng.child("probability").uniform01() >= config.probability) return {};
  return drawn(offer, rng);
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
    completion.begin_tool_call(call_id(rng, i), tools[i]->name, tools[i]->form);
    SchemaBudget budget = SchemaBudget::of_tokens(tokens_max - completion.tokens());
    completion.add_text(arguments(*tools[i], rng.child("arguments", i), budget), tokens_max);
    completion.schema_steps += budget.steps;
    if (budget.is_spent()) completion.cut_by_length = true;
  }
  return completion;
}

}  // namespace mockgw
