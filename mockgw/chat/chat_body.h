// The body of a buffered chat completion.
#pragma once

#include <string>

#include "mockgw/chat/chat_plan.h"
#include "mockgw/fault_rules.h"

namespace mockgw {

/// Appends the JSON of a plan, damaged as its faults ask for: missing_usage, malformed_chunk and
/// truncate_no_done.
void append_chat_body(std::string& out, const ChatPlan& plan, const FaultPlan& faults);

}  // namespace mockgw
