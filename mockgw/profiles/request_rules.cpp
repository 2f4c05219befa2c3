#include "mockgw/profiles/request_rules.h"

#include "mockgw/limits/choices.h"

namespace mockgw {
namespace {

constexpr Choices<bool, 2> kRefuseOrIgnore{{{"refuse", true}, {"ignore", false}}};
constexpr Choices<bool, 2> kChecks{{{"openai", true}, {"none", false}}};
constexpr Choices<bool, 2> kSampling{{{"vllm", true}, {"openai", false}}};
constexpr Choices<RequestRules::TokenLimits, 3> kTokenLimits{{
    {"openai", RequestRules::TokenLimits::openai},
    {"vllm", RequestRules::TokenLimits::vllm},
    {"none", RequestRules::TokenLimits::none},
}};

}  // namespace

void read_request_rules(lab::JsonObject section, RequestRules& rules) {
  rules.refuses_unknown_fields =
      choose(section, "unknown_fields", kRefuseOrIgnore, rules.refuses_unknown_fields);
  rules.checks_like_openai = choose(section, "checks", kChecks, rules.checks_like_openai);
  rules.token_limits = choose(section, "token_limits", kTokenLimits, rules.token_limits);
  rules.has_vllm_sampling = choose(section, "sampling", kSampling, rules.has_vllm_sampling);
  rules.refuses_content_encoding =
      choose(section, "content_encoding", kRefuseOrIgnore, rules.refuses_content_encoding);
  section.finish();
}

}  // namespace mockgw
