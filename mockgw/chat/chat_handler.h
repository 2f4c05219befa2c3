// POST /v1/chat/completions: decides what is answered.
#pragma once

#include "mockgw/answer.h"
#include "mockgw/request_context.h"

namespace mockgw {

[[nodiscard]] Answer answer_chat(RequestContext context, Answer answer);

}  // namespace mockgw
