// The gateway file's `tokens` section: what an answer says and how long it is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "mockgw/config/file_access.h"
#include "shared/base/distribution.h"
#include "shared/base/json_reader.h"

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
  lab::Distribution output;  ///< Natural length of a lorem answer in tokens; at least 1 is taken.
  ContentConfig content;
  ToolCallsConfig tool_calls{};

  /// About 60 tokens, rarely more than 200.
  [[nodiscard]] static TokensConfig healthy();
};

/// Reads the section; a key not given keeps its value of `base`. `content` is "lorem", "echo",
/// {"fixed":"text"}, {"template":"You said: ${prompt}"} or {"fixtures":…,"fallback":content}, see
/// read_answer_fixtures(), to which `files` goes. `tool_calls` is {"probability":0.5,"parallel":2}.
[[nodiscard]] TokensConfig read_tokens(const lab::JsonValue& value, TokensConfig base,
                                       FileAccess files = FileAccess::allowed);
[[nodiscard]] lab::Json to_json(const TokensConfig& tokens);

}  // namespace mockgw
