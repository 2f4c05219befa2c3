// How many tokens a request's prompt has: one number, from which usage, limits and the time to the
// first token follow. An estimate, as the tokenizer is one.
#pragma once

#include <cstddef>

#include "shared/protocol/chat_request.h"

namespace mockgw {

struct PromptTokens {
  std::size_t messages = 0;   ///< Texts, images and calls, and the few that frame each message.
  std::size_t functions = 0;  ///< What the model is told of tools, and of the form of its answer.

  [[nodiscard]] std::size_t total() const { return messages + functions; }
};

[[nodiscard]] PromptTokens count_prompt_tokens(const lab::ChatRequest& request);

}  // namespace mockgw
