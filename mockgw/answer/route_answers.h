// The answers of the routes that tell of the gateway: its health and its models.
#pragma once

#include <string_view>

#include "mockgw/answer/exchange.h"

namespace mockgw {

void answer_health(Exchange& exchange);
void answer_models(Exchange& exchange);
/// `parameter` is the model's id as on the wire.
void answer_model(Exchange& exchange, std::string_view parameter);
void answer_text(Exchange& exchange, std::string_view text);

}  // namespace mockgw
