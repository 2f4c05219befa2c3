#include "mockgw/profiles/request_rules.h"

#include "shared/base/choices.h"
#include "shared/base/fields.h"

namespace mockgw {
namespace {

constexpr lab::Choices<bool, 2> kRefuseOrIgnore{{{"refuse", true}, {"ignore", false}}};
constexpr lab::Choices<bool, 2> kChecks{{{"openai", true}, {"none", false}}};
constexpr lab::Choices<bool, 2> kSampling{{{"vllm", true}, {"openai", false}}};
constexpr lab::Choices<RequestRules::TokenLimits, 3> kTokenLimits{{
    {"openai", RequestRules::TokenLimits::openai},
    {"vllm", RequestRules::TokenLimits::vllm},
    {"none", RequestRules::TokenLimits::none},
}};

}  // namespace

void fields(lab::Fields& f, RequestRules& c) {
  f("unknown_fields", c.refuses_unknown_fields, kRefuseOrIgnore,
    "Those that OpenAI does not document.");
  f("checks", c.checks_like_openai, kChecks,
    "Whether values that OpenAI does not take, and what does not make sense together, are refused "
    "as it does: names and schemas, calls without replies, a choice of no tool …");
  f("token_limits", c.token_limits, kTokenLimits,
    "openai: those of the model, by default of OpenAI's model of that name; vllm: a model's "
    "context_window, if it is given.");
  f("sampling", c.has_vllm_sampling, kSampling,
    "vllm: ignore_eos and min_tokens are known, any temperature and n are taken (an answer has 128 "
    "choices at most), up to 128 stop sequences, and booleans as texts or numbers.");
  f("content_encoding", c.refuses_content_encoding, kRefuseOrIgnore,
    "refuse: a coded body is answered with 415.");
}

}  // namespace mockgw
