#include "shared/base/json_text.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>

#include "shared/base/utf8.h"

namespace lab {
namespace {

// Bytes that stand for themselves in a JSON string: ASCII without controls, quote and backslash.
constexpr std::array<bool, 256> kIsPlain = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

// The top bit of each of eight bytes that does not stand for itself, by arithmetic on all at once:
// nearly all text does, and looking at each byte was a twentieth of what an instant answer costs
// (callgrind). A byte above one that is marked may be marked for nothing.
std::uint64_t odd_bytes(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kTops = 0x8080808080808080;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t quote = word ^ (kOnes * '"');
  const std::uint64_t backslash = word ^ (kOnes * '\\');
  // Less than 0x20, zero, zero: each borrows from its top bit; a byte with that bit set is odd too.
  return (word | (word - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes)) & kTops;
}

// How many bytes at the front stand for themselves, or fewer: looks at eight at a time, the last
// time at some again.
std::size_t plain_run(std::string_view text) {
  constexpr std::size_t kStep = 8;
  if (text.size() < kStep) return 0;
  const std::size_t last = text.size() - kStep;
  std::size_t i = 0;
  while (i < last && odd_bytes(text.data() + i) == 0) i += kStep;
  if (i < last) return i;
  return odd_bytes(text.data() + last) == 0 ? text.size() : last;
}

void append_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  if (c >= 0x80) {
    out += kUtf8Replacement;
    return;
  }
  out.append("\\u00").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;  // Where the bytes not yet copied start.
  for (std::size_t i = plain_run(text); i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (kIsPlain[c]) {
      ++i;
      continue;
    }
    if (const std::size_t size = utf8_sequence_size(text.substr(i)); size > 0) {
      i += size;
    } else {
      out.append(text, run, i - run);
      append_escape(out, c);
      run = ++i;
    }
    i += plain_run(text.substr(i));
  }
  out.append(text, run);
  out += '"';
}

void append_json_integer(std::string& out, std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_json_number(std::string& out, double value) {
  assert(std::isfinite(value));
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

namespace {

// Beyond 2^53 a fixed form would have digits that the shortest one has not: zeros take their place.
void append_large_number(std::string& out, double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific).ptr;
  const std::string_view scientific(text.data(), static_cast<std::size_t>(end - text.data()));
  const std::size_t mark = scientific.find('e');
  std::size_t exponent = 0;
  std::from_chars(scientific.data() + mark + 2, end, exponent);  // Behind the plus.
  for (const char c : scientific.substr(0, mark)) {
    if (c == '.') continue;
    out += c;
    if (c != '-') --exponent;
  }
  out.append(exponent + 1, '0');
}

}  // namespace

void append_json_number_as_go(std::string& out, double value) {
  // A fixed form below 1e21 has at most 21 digits before the point and 22 behind it.
  std::array<char, 64> digits;
  const double magnitude = std::abs(value);
  constexpr double kExactMax = 9007199254740992;  // 2^53
  if (magnitude > kExactMax && magnitude < 1e21) return append_large_number(out, value);
  const bool is_fixed = magnitude == 0 || (magnitude >= 1e-6 && magnitude <= kExactMax);
  const auto format = is_fixed ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, format).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace lab
