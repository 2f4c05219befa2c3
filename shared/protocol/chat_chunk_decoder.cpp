#include "shared/protocol/chat_chunk_decoder.h"

#include <cassert>
#include <cstddef>
#include <functional>

#include "shared/protocol/chat_chunk_reader.h"

namespace lab {
namespace {

// How many characters at the front stand for themselves in a JSON string, none being above ASCII.
std::size_t plain_size(std::string_view text) {
  std::size_t size = 0;
  for (; size < text.size(); ++size) {
    const auto c = static_cast<unsigned char>(text[size]);
    if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80) break;
  }
  return size;
}

bool is_within(std::string_view part, std::string_view whole) {
  constexpr std::less_equal<const char*> kNotAfter;
  return kNotAfter(whole.data(), part.data()) &&
         kNotAfter(part.data() + part.size(), whole.data() + whole.size());
}

std::string_view up_to(std::string_view part, std::string_view whole) {
  return whole.substr(0, static_cast<std::size_t>(part.data() - whole.data()));
}

std::string_view from_end_of(std::string_view part, std::string_view whole) {
  return whole.substr(up_to(part, whole).size() + part.size());
}

}  // namespace

const Result<ChatChunk>& ChatChunkDecoder::read(std::string_view json) {
  if (!take_like_last(json)) parse(json);
  return chunk_;
}

bool ChatChunkDecoder::take_like_last(std::string_view json) {
  if (before_.empty() || !json.starts_with(before_)) return false;
  json.remove_prefix(before_.size());
  const std::string_view token = json.substr(0, plain_size(json));
  json.remove_prefix(token.size());
  // What follows begins with the quotation mark at the end of the token, and so does the rest.
  if (!json.starts_with(between_)) return false;
  json.remove_prefix(between_.size());
  if (!after_.empty()) json.remove_prefix(plain_size(json));
  if (json != after_) return false;
  chunk_->choices.front().content = token;
  return true;
}

void ChatChunkDecoder::parse(std::string_view json) {
  before_.clear();
  after_.clear();
  ChatChunkReader reader;
  chunk_ = read_chat_chunk(json, reader);
  // Texts with escapes were not read from where they stand.
  const std::string_view token = reader.content();
  if (!chunk_ || chunk_->choices.size() != 1 || !is_within(token, json)) return;
  assert(up_to(token, json).ends_with('"') && from_end_of(token, json).starts_with('"'));
  before_ = up_to(token, json);
  const std::string_view rest = from_end_of(token, json);
  const std::string_view padding = reader.ignored();
  const bool is_padded = is_within(padding, rest);
  between_ = is_padded ? up_to(padding, rest) : rest;
  if (is_padded) after_ = from_end_of(padding, rest);
}

}  // namespace lab
