// Which requests a gateway refuses that it could read, and which members it knows beyond OpenAI's.
#pragma once

#include "shared/base/fields.h"

namespace mockgw {

struct RequestRules {
  static constexpr std::string_view kSchemaName = "requests";
  static constexpr bool kDefaultsVary = true;

  enum class TokenLimits {
    none,
    openai,  ///< Of OpenAI's models, where the file does not say: see ModelConfig.
    vllm,    ///< Of models whose limits the file gives, in vLLM's words.
  };
  bool refuses_unknown_fields = false;  ///< Which OpenAI does not document.
  bool checks_like_openai = false;      ///< See check_request() and lab::RequestDialect.
  TokenLimits token_limits = TokenLimits::none;
  bool has_vllm_sampling = false;         ///< See lab::RequestDialect.
  bool refuses_content_encoding = false;  ///< With 415 (RFC 9110, 15.5.16).
};

void fields(lab::Fields& f, RequestRules& c);

}  // namespace mockgw
