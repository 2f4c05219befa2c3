#include "shared/base/base64.h"

#include <cstdint>

namespace lab {
namespace {

constexpr std::string_view kStandardDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool is_url(Base64 variant) { return variant == Base64::url || variant == Base64::url_unpadded; }

bool is_padded(Base64 variant) { return variant == Base64::standard || variant == Base64::url; }

// The value of a digit; -1 of anything else.
int digit_value(char c, bool url) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == (url ? '-' : '+')) return 62;
  return c == (url ? '_' : '/') ? 63 : -1;
}

// The bits of up to four digits, from the highest.
class Group {
 public:
  void add(int digit, std::string& bytes) {
    bits_ = bits_ << 6 | static_cast<std::uint32_t>(digit);
    if (++digits_ == 4) flush(bytes);
  }

  // Writes the whole bytes there are and begins anew.
  void flush(std::string& bytes) {
    const std::uint32_t aligned = bits_ << 6 * (4 - digits_);
    for (std::size_t i = 0; i + 1 < digits_; ++i) {
      bytes += static_cast<char>(aligned >> (16 - 8 * i) & 0xff);
    }
    bits_ = 0;
    digits_ = 0;
  }

  [[nodiscard]] std::size_t digits() const { return digits_; }

 private:
  std::uint32_t bits_ = 0;
  std::size_t digits_ = 0;
};

// Whether `rest`, from the first '=' on, is the padding that a group of so many digits needs.
bool is_padding(std::string_view rest, std::size_t digits) {
  std::size_t signs = 0;
  for (const char c : rest) {
    if (c == '=') {
      ++signs;
    } else if (c != '\r' && c != '\n') {
      return false;
    }
  }
  return digits >= 2 && digits + signs == 4;
}

}  // namespace

std::string base64_encoded(std::string_view bytes, Base64 variant) {
  const std::string_view digits = is_url(variant) ? kUrlDigits : kStandardDigits;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view three = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < three.size() ? static_cast<unsigned char>(three[i]) : 0U);
    }
    for (std::size_t i = 0; i <= three.size(); ++i) text += digits[bits >> (18 - 6 * i) & 63];
    if (is_padded(variant)) text.append(3 - three.size(), '=');
  }
  return text;
}

std::optional<std::string> base64_decoded(std::string_view text, Base64 variant) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  Group group;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\r' || c == '\n') continue;
    if (const int digit = digit_value(c, is_url(variant)); digit >= 0) {
      group.add(digit, bytes);
      continue;
    }
    const bool ends = c == '=' && is_padded(variant) && is_padding(text.substr(at), group.digits());
    if (!ends) return std::nullopt;
    group.flush(bytes);
    return bytes;
  }
  if (group.digits() == 1 || (group.digits() > 0 && is_padded(variant))) return std::nullopt;
  group.flush(bytes);
  return bytes;
}

}  // namespace lab
