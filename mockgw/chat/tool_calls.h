// Calls of the tools that a request offers: whether, which, and with what arguments.
#pragma once

#include <cstdint>
#include <vector>

#include "mockgw/chat/completion.h"
#include "mockgw/config/tokens_config.h"
#include "shared/base/rng.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

/// Whether there is anything to call: tools, or their older form, functions.
[[nodiscard]] bool offers_calls(const lab::ChatRequest& request);

/// Whether the request says by name which one is to be called: what is called then ends with
/// `stop`, where a call that the model was free to make ends with `tool_calls`.
[[nodiscard]] bool names_its_call(const lab::ChatRequest& request);

/// The tools that one choice calls, one after the other; empty if it answers with text. With
/// tool_choice `auto` only the user's own words make it call one, not a tool's result: a client
/// that answers calls until none comes would never end. Of functions one is called; where there are
/// tools as well, none. They point into `request`.
[[nodiscard]] std::vector<const lab::ChatTool*> choose_tools(const lab::ChatRequest& request,
                                                             const ToolCallsConfig& config,
                                                             lab::Rng rng);

/// Writes calls with arguments valid for each tool's schema over `reuse` and returns it. What is
/// beyond `tokens_max` is cut off: arguments in their middle, calls altogether.
[[nodiscard]] Completion generate_tool_calls(const std::vector<const lab::ChatTool*>& tools,
                                             std::uint64_t tokens_max, const lab::Rng& rng,
                                             Completion reuse);

}  // namespace mockgw
