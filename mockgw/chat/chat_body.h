// The body of a buffered chat completion.
#pragma once

#include <string>
#include <vector>

#include "mockgw/chat/chat_plan.h"
#include "mockgw/faults/fault_rules.h"
#include "shared/protocol/chat_response.h"

namespace mockgw {

/// One choice without its log probabilities and its end.
[[nodiscard]] lab::CompletionChoice message_of(const ChatPlan& plan, std::size_t choice);

/// Appends the JSON of a plan, damaged as its faults ask for: missing_usage, malformed_chunk and
/// truncate_no_done.
/// `choices` is the room for its choices in the form that is written; what it held is overwritten.
void append_chat_body(std::string& out, const ChatPlan& plan, const FaultPlan& faults,
                      std::vector<lab::CompletionChoice>& choices);

}  // namespace mockgw
