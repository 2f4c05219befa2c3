// The gateway file's `tokens` section: what an answer says and how long it is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "shared/base/distribution.h"
#include "shared/base/value_type.h"

namespace mockgw {

struct AnswerFixtures;

struct ContentConfig {
  enum class Kind {
    lorem,      ///< Words drawn from a fixed list, as many as tokens.output says.
    echo,       ///< The last user message.
    fixed,      ///< `text`.
    template_,  ///< `text` with ${model}, ${prompt}, ${request_id} and ${user} filled in.
    fixtures,   ///< The text that is written for such a request.
  };
  Kind kind = Kind::lorem;
  std::string text{};
  /// Set for Kind::fixtures, never changed; shared by all models that have it from one place.
  std::shared_ptr<const AnswerFixtures> fixtures{};
};

/// How requests that offer tools are answered.
struct ToolCallsConfig {
  double probability = 1;    ///< That tool_choice `auto` calls one, of a user's message.
  std::size_t parallel = 1;  ///< Calls in one choice, if parallel_tool_calls allows several.
};

struct TokensConfig {
  static constexpr std::string_view kSchemaName = "tokens";

  lab::Distribution output;  ///< Natural length of a lorem answer in tokens; at least 1 is taken.
  ContentConfig content;
  ToolCallsConfig tool_calls{};

  /// About 60 tokens, rarely more than 200.
  [[nodiscard]] static TokensConfig healthy();
};

void fields(lab::Fields& f, ToolCallsConfig& c);
void fields(lab::Fields& f, TokensConfig& c);
/// Reads the section; a key not given keeps its value of `base`.
[[nodiscard]] TokensConfig read_tokens(const lab::JsonValue& value, TokensConfig base);
[[nodiscard]] lab::Json to_json(const TokensConfig& tokens);

}  // namespace mockgw
