// POST /v1/chat/completions: decides what is answered.
#pragma once

#include <optional>

#include "mockgw/answer/exchange.h"

namespace mockgw {

/// Decides; or, if the gate is limited, only notes that the exchange awaits its slot: resume_chat()
/// goes on then.
void answer_chat(Exchange& exchange);

/// x-priority: a higher one leaves the queue first.
[[nodiscard]] int priority_of(const lab::HttpHeaders& headers);

/// Goes on after the gate, at the exchange's moment: `refused` is its reason, if it did.
void resume_chat(Exchange& exchange, std::optional<ErrorCondition> refused);

}  // namespace mockgw
