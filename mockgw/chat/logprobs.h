// How likely a made-up model found each token that it said, and what it nearly said instead.
#pragma once

#include <cstddef>
#include <string_view>

#include "shared/base/rng.h"
#include "shared/protocol/chat_response.h"

namespace mockgw {

/// What decides the log probabilities of one answer. They are made when they are written, so that
/// an answer without them keeps nothing of them.
struct LogprobsPlan {
  std::size_t top = 0;     ///< How many candidates are shown, 0 to 20.
  bool is_greedy = false;  ///< Temperature 0: the likeliest token is the one said, always.
  lab::Rng rng;
};

/// Of token `token` of choice `choice`. The candidates differ from each other and are in falling
/// order; the token is among them if it was likely enough.
[[nodiscard]] lab::TokenLogprob token_logprob(const LogprobsPlan& plan, std::size_t choice,
                                              std::size_t token, std::string_view text);

}  // namespace mockgw
