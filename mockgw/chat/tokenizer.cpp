#include "mockgw/chat/tokenizer.h"

#include <algorithm>
#include <array>

namespace mockgw {
namespace {

// Of letters, digits, or a character beyond ASCII.
constexpr auto kIsWordByte = [] {
  std::array<bool, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    table[byte] = byte >= 0x80 || (byte >= '0' && byte <= '9') ||
                  ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
  }
  return table;
}();

bool is_word_byte(char c) { return kIsWordByte[static_cast<unsigned char>(c)]; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::size_t token_size(std::string_view text) {
  if (text.empty()) return 0;
  std::size_t end = text.front() == ' ' && text.size() > 1 && is_word_byte(text[1]) ? 1 : 0;
  if (!is_word_byte(text[end])) return 1;
  const std::size_t limit = std::min(text.size(), end + kTokenBytesMax);
  while (end < limit && is_word_byte(text[end])) ++end;
  // The limit may have fallen inside a character: its remaining bytes, at most three, belong to it.
  while (end < text.size() && is_continuation(text[end])) ++end;
  return end;
}

std::size_t count_tokens(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(token_size(text));
    ++count;
  }
  return count;
}

}  // namespace mockgw
