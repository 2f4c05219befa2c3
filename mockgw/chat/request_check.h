// What a gateway refuses of a request that it could read: members that only make sense together,
// and what is too long for the model.
#pragma once

#include <optional>

#include "mockgw/chat/prompt_tokens.h"
#include "mockgw/config/models_config.h"
#include "mockgw/profiles/request_rules.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

/// The first problem by the profile's rules, in the words of OpenAI or vLLM; nothing if it is good.
[[nodiscard]] std::optional<lab::RequestProblem> check_request(const RequestRules& rules,
                                                               const lab::ChatRequest& request,
                                                               const ModelConfig& model,
                                                               const PromptTokens& prompt);

}  // namespace mockgw
