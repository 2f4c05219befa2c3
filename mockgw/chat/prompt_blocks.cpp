#include "mockgw/chat/prompt_blocks.h"

#include <string_view>

#include "mockgw/chat/prompt_tokens.h"
#include "mockgw/chat/tokenizer.h"
#include "shared/base/json.h"
#include "shared/base/rng.h"

namespace mockgw {
namespace {

// Hashes each piece together with what came before it: order matters.
class BlockWriter {
 public:
  BlockWriter(std::string_view model, std::int64_t block_tokens)
      : hash_(lab::stable_hash(model)), block_tokens_(block_tokens) {}

  void add(std::string_view piece) { hash_ = lab::Rng(hash_ + lab::stable_hash(piece))(); }
  void add_token(std::string_view token) {
    add(token);
    if (++tokens_ % block_tokens_ == 0) blocks_.push_back(hash_);
  }
  void add_text(std::string_view rest) {
    while (!rest.empty()) {
      const std::string_view token = rest.substr(0, token_size(rest));
      rest.remove_prefix(token.size());
      add_token(token);
    }
  }
  std::vector<std::uint64_t> take() { return std::move(blocks_); }

 private:
  std::uint64_t hash_;
  std::int64_t block_tokens_;
  std::int64_t tokens_ = 0;
  std::vector<std::uint64_t> blocks_;
};

void add_definitions(const std::vector<lab::ChatTool>& functions, BlockWriter& blocks) {
  for (const lab::ChatTool& function : functions) {
    blocks.add(function.name);
    blocks.add(function.description);
    blocks.add(function.parameters->dump());
  }
}

// What the model is told of tools stands before the messages. Its tokens are many and none of them
// is a text by itself: all have the whole's hash.
void add_functions(const lab::ChatRequest& request, BlockWriter& blocks) {
  const std::size_t tokens = count_prompt_tokens(request).functions;
  if (tokens == 0) return;
  add_definitions(request.tools, blocks);
  if (request.unusual) add_definitions(request.unusual->functions, blocks);
  blocks.add(request.tool_choice.function);
  blocks.add(request.response_format.schema->dump());
  for (std::size_t i = 0; i < tokens; ++i) blocks.add_token({});
}

}  // namespace

std::vector<std::uint64_t> prompt_blocks(const lab::ChatRequest& request,
                                         std::int64_t block_tokens) {
  BlockWriter blocks(request.model, block_tokens);
  add_functions(request, blocks);
  for (const lab::ChatMessage& message : request.messages) {
    blocks.add(to_string(message.role));
    blocks.add_text(message.content);
    for (const lab::MessageToolCall& call : message.tool_calls) {
      blocks.add_text(call.name);
      blocks.add_text(call.arguments);
    }
  }
  return blocks.take();
}

}  // namespace mockgw
