// Which requests a gateway refuses that it could read, and which members it knows beyond OpenAI's.
#pragma once

#include "shared/base/json_reader.h"

namespace mockgw {

struct RequestRules {
  enum class TokenLimits {
    none,
    openai,  ///< Of OpenAI's models, where the file does not say: see ModelConfig.
    vllm,    ///< Of models whose limits the file gives, in vLLM's words.
  };
  bool refuses_unknown_fields = false;  ///< Which OpenAI does not document.
  bool checks_like_openai = false;      ///< What only makes sense together, see check_request().
  TokenLimits token_limits = TokenLimits::none;
  bool has_vllm_sampling = false;         ///< ignore_eos and min_tokens.
  bool refuses_content_encoding = false;  ///< With 415 (RFC 9110, 15.5.16).
};

/// Reads a section {"unknown_fields":…,…} over `rules`.
void read_request_rules(lab::JsonObject section, RequestRules& rules);

}  // namespace mockgw
