// A prompt cut into blocks of tokens, each known by a hash of everything up to its end: what a
// cache of prompt prefixes compares.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/protocol/chat_request.h"

namespace mockgw {

/// One hash for each full block of `block_tokens` (> 0) tokens of the tools and messages, in order.
/// Two prompts for the same model have the same first n hashes if, and but for a collision of 64
/// bits only if, they begin with the same n blocks: same tools, roles, texts and calls.
[[nodiscard]] std::vector<std::uint64_t> prompt_blocks(const lab::ChatRequest& request,
                                                       std::int64_t block_tokens);

}  // namespace mockgw
