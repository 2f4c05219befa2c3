#include "shared/base/utf8.h"

namespace lab {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
}

}  // namespace

std::size_t utf8_sequence_size(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  const unsigned second = byte_at(text, 1);
  const auto is_tail = [](unsigned byte) { return (byte & 0xC0u) == 0x80u; };
  if (lead >= 0xC2 && lead <= 0xDF) return is_tail(second) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return second >= low && second <= high && is_tail(byte_at(text, 2)) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    const bool fits = second >= low && second <= high;
    return fits && is_tail(byte_at(text, 2)) && is_tail(byte_at(text, 3)) ? 4 : 0;
  }
  return 0;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const bool is_ascii = byte_at(text, 0) < 0x80;
    const std::size_t size = is_ascii ? 1 : utf8_sequence_size(text);
    valid += size > 0 ? text.substr(0, size) : kUtf8Replacement;
    text.remove_prefix(size > 0 ? size : 1);
  }
  return valid;
}

}  // namespace lab
