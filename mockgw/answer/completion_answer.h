// How a planned completion is sent, and when the gateway gives it up: as a stream, or as a body.
#pragma once

#include "mockgw/answer/exchange.h"

namespace mockgw {

/// Replies with the exchange's plan as a stream.
void answer_streamed(Exchange& exchange);
/// The same as one body.
void answer_buffered(Exchange& exchange);

}  // namespace mockgw
