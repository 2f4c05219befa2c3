// The text of an answer: the same for the same generator state and request, cut into tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mockgw/chat/completion.h"
#include "mockgw/config/tokens_config.h"
#include "shared/base/rng.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

/// What of a request decides its content.
struct ContentRequest {
  std::string_view model{};
  std::string_view prompt{};  ///< The last user message's text.
  std::string_view user{};
  std::string_view request_id{};
  std::optional<std::uint64_t> max_tokens{};
  std::span<const std::string> stop{};  ///< The text ends before the first of these to occur.
  bool accents = false;                 ///< Every word of lorem ends in a character of two bytes.
  std::string_view system{};            ///< See AnswerFacts.
  std::string_view last_role{};
  const lab::ResponseFormat* json{};  ///< Set: the text is to be JSON.
  std::uint64_t min_tokens = 0;       ///< It has so many, and no stop is looked for before.
  bool ignores_end = false;           ///< It ends at its limit.
};

/// An answer has at most so many tokens, whatever the file and the request say.
inline constexpr std::uint64_t kAnswerTokensMax = 100'000;

/// How many tokens a request's answer may have.
[[nodiscard]] std::uint64_t token_limit(const ContentRequest& request);

/// The fewest tokens that a request's answer may have.
[[nodiscard]] std::uint64_t least_tokens(const ContentRequest& request);

/// Fills a choice that has come to its end earlier than the request lets it: with words, or where
/// it must stay JSON, with line ends.
void lengthen(const ContentRequest& request, bool is_json, Completion& completion);

/// Writes one choice's text over `reuse` and returns it. Where JSON is asked for, a text of the
/// gateway file's own stays if it is JSON; otherwise a value is made that the schema allows.
[[nodiscard]] Completion generate_content(const TokensConfig& config, const ContentRequest& request,
                                          lab::Rng rng, Completion reuse);

}  // namespace mockgw
