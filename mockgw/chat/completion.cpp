#include "mockgw/chat/completion.h"

#include <utility>

#include "mockgw/chat/tokenizer.h"

namespace mockgw {

void Completion::clear() {
  text_.clear();
  ends_.clear();
  tool_calls_.clear();
  cut_by_length = false;
  schema_steps = 0;
}

void Completion::add_text(std::string_view text, std::uint64_t tokens_max) {
  while (!text.empty()) {
    if (tokens() >= tokens_max) {
      cut_by_length = true;
      return;
    }
    const std::size_t size = token_size(text);
    add_token(text.substr(0, size));
    text.remove_prefix(size);
  }
}

void Completion::begin_tool_call(std::string id, std::string name, lab::CallForm form) {
  assert(tool_calls_.empty() ? tokens() == 0 : tokens() > tool_calls_.back().first_token);
  tool_calls_.push_back({std::move(id), std::move(name), tokens(), form});
}

void Completion::truncate(std::size_t size) {
  text_.resize(size);
  while (ends_.size() > 1 && ends_[ends_.size() - 2] >= size) ends_.pop_back();
  if (size == 0) ends_.clear();
  if (!ends_.empty()) ends_.back() = static_cast<std::uint32_t>(size);
}

std::size_t Completion::tool_call_of(std::size_t i) const {
  assert(!tool_calls_.empty());
  std::size_t found = tool_calls_.size() - 1;
  while (tool_calls_[found].first_token > i) --found;
  return found;
}

std::string_view Completion::arguments(std::size_t tool_call) const {
  const bool is_last = tool_call + 1 == tool_calls_.size();
  const std::size_t begin = begin_of(tool_calls_[tool_call].first_token);
  const std::size_t end = is_last ? text_.size() : begin_of(tool_calls_[tool_call + 1].first_token);
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace mockgw
