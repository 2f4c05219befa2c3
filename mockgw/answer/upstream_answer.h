// The model's turn: what a chat request that nothing refused is answered.
#pragma once

#include "mockgw/answer/exchange.h"

namespace mockgw {

/// Decides the reply, and what the call means to breaker and limits; calls again where the gateway
/// would.
void answer_upstream(Exchange& exchange);

}  // namespace mockgw
