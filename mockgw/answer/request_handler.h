// Decides what a request is answered: by its route, and by its key where the route needs one.
#pragma once

#include "mockgw/answer/exchange.h"
#include "shared/base/error.h"

namespace mockgw {

/// Decides what an exchange that has just begun is answered.
void answer_request(Exchange& exchange);

/// The last answer to a connection whose request could not be read, by the reason.
void answer_unreadable(Exchange& exchange, lab::ErrorCode reason);

}  // namespace mockgw
