// The gateway file's `tokens` section: what an answer says and how long it is.
#pragma once

#include <string>

#include "shared/base/distribution.h"
#include "shared/base/json_reader.h"

namespace mockgw {

struct ContentConfig {
  enum class Kind {
    lorem,      ///< Words drawn from a fixed list, as many as tokens.output says.
    echo,       ///< The last user message.
    fixed,      ///< `text`.
    template_,  ///< `text` with ${model}, ${prompt}, ${request_id} and ${user} filled in.
  };
  Kind kind = Kind::lorem;
  std::string text;

  friend bool operator==(const ContentConfig&, const ContentConfig&) = default;
};

struct TokensConfig {
  lab::Distribution output;  ///< Natural length of a lorem answer in tokens; at least 1 is taken.
  ContentConfig content;

  /// About 60 tokens, rarely more than 200.
  [[nodiscard]] static TokensConfig healthy();
};

/// Reads the section; a key not given keeps its value of `base`. `content` is "lorem", "echo",
/// {"fixed":"text"} or {"template":"You said: ${prompt}"}.
[[nodiscard]] TokensConfig read_tokens(const lab::JsonValue& value, TokensConfig base);
[[nodiscard]] lab::Json to_json(const TokensConfig& tokens);

}  // namespace mockgw
