// What an answer says: the same text for the same generator state and request, cut into tokens.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/config/tokens_config.h"
#include "shared/base/rng.h"

namespace mockgw {

/// The text of one choice and where its tokens end. Reused from request to request, so that a warm
/// connection allocates nothing.
class Completion {
 public:
  void clear();
  void add_token(std::string_view text) {
    assert(!text.empty());
    text_ += text;
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  }
  /// Keeps the first `size` bytes; a token cut in the middle stays one token.
  void truncate(std::size_t size);

  [[nodiscard]] std::size_t tokens() const { return ends_.size(); }
  [[nodiscard]] std::string_view token(std::size_t i) const;
  [[nodiscard]] std::string_view text() const { return text_; }

  bool cut_by_length = false;  ///< finish_reason `length`: more would have come.

 private:
  std::string text_;
  std::vector<std::uint32_t> ends_;
};

/// What of a request decides its content.
struct ContentRequest {
  std::string_view model{};
  std::string_view prompt{};  ///< The last user message's text.
  std::string_view user{};
  std::string_view request_id{};
  std::optional<std::uint64_t> max_tokens{};
  std::span<const std::string> stop{};  ///< The text ends before the first of these to occur.
  bool accents = false;                 ///< Every word of lorem ends in a character of two bytes.
};

/// An answer has at most so many tokens, whatever the file and the request say.
inline constexpr std::uint64_t kAnswerTokensMax = 100'000;

/// Writes one choice's content over `reuse` and returns it.
[[nodiscard]] Completion generate_content(const TokensConfig& config, const ContentRequest& request,
                                          lab::Rng rng, Completion reuse);

}  // namespace mockgw
