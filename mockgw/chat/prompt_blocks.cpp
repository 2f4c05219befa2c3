#include "mockgw/chat/prompt_blocks.h"

#include <string_view>

#include "mockgw/chat/tokenizer.h"
#include "shared/base/rng.h"

namespace mockgw {

std::vector<std::uint64_t> prompt_blocks(const lab::ChatRequest& request,
                                         std::int64_t block_tokens) {
  std::vector<std::uint64_t> blocks;
  std::uint64_t hash = lab::stable_hash(request.model);
  // Order matters: each piece is hashed together with what came before it.
  const auto add = [&](std::string_view piece) {
    hash = lab::Rng(hash + lab::stable_hash(piece))();
  };
  std::int64_t tokens = 0;
  for (const lab::ChatMessage& message : request.messages) {
    add(to_string(message.role));
    std::string_view rest = message.content;
    while (!rest.empty()) {
      const std::string_view token = rest.substr(0, token_size(rest));
      rest.remove_prefix(token.size());
      add(token);
      if (++tokens % block_tokens == 0) blocks.push_back(hash);
    }
  }
  return blocks;
}

}  // namespace mockgw
