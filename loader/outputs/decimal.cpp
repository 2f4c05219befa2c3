#include "loader/outputs/decimal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "shared/base/json_text.h"

namespace loader {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::ptrdiff_t kPlaces = 6;

// A division is exact to the last bit, so that `value` is what the text with six places is read as.
// A shorter one would be another number: up to 15 digits, no two are read as the same double.
std::optional<std::uint64_t> millionths_of(double value) {
  constexpr double kMax = 1e9;
  const bool is_usual = (value > 0 && value < kMax) || (value == 0 && !std::signbit(value));
  if (!is_usual) return std::nullopt;
  // What this rounds otherwise than it should is refused by the comparison.
  // NOLINTNEXTLINE(bugprone-incorrect-roundings)
  const auto millionths = static_cast<std::uint64_t>(value * double{kMillion} + 0.5);
  if (static_cast<double>(millionths) / double{kMillion} != value) return std::nullopt;
  return millionths;
}

// Returns the end of the text that it puts at `begin`: of up to 17 characters.
char* put_six_places(char* begin, std::uint64_t millionths) {
  char* const point = std::to_chars(begin, begin + 10, millionths / kMillion).ptr;
  *point = '.';
  std::uint64_t rest = millionths % kMillion;
  for (std::ptrdiff_t place = kPlaces; place > 0; --place) {
    point[place] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  return point + kPlaces + 1;
}

// Most values are small counts: true if this is one, and written.
bool append_count(std::string& out, double value) {
  constexpr double kMax = 100'000;
  if (!(value >= 0 && value < kMax) || std::signbit(value)) return false;
  const auto count = static_cast<std::uint32_t>(value);
  if (static_cast<double>(count) != value) return false;
  if (count < 10) {
    out += static_cast<char>('0' + count);
    return true;
  }
  std::array<char, 8> text;
  out.append(text.begin(), std::to_chars(text.begin(), text.end(), count).ptr);
  return true;
}

void append_millionths(std::string& out, std::uint64_t millionths) {
  std::array<char, 24> text{};
  if (millionths % kMillion == 0) {
    out.append(text.begin(), std::to_chars(text.begin(), text.end(), millionths / kMillion).ptr);
    return;
  }
  char* end = put_six_places(text.begin(), millionths);
  while (end[-1] == '0') --end;
  out.append(text.begin(), end);
}

}  // namespace

// Beyond these bounds std::to_chars() may prefer an exponent.
void append_decimal(std::string& out, double value) {
  if (append_count(out, value)) return;
  if (value >= 0.001 && value < 100'000) {
    if (const auto millionths = millionths_of(value)) return append_millionths(out, *millionths);
  }
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  out.append(digits.begin(), end);
}

void append_decimal_as_go(std::string& out, double value) {
  if (append_count(out, value)) return;
  if (const auto millionths = millionths_of(value)) return append_millionths(out, *millionths);
  lab::append_json_number_as_go(out, value);
}

void append_six_places(std::string& out, double value) {
  // The largest double has 309 digits before the point.
  std::array<char, 330> text;
  const auto millionths = millionths_of(value);
  char* const end =
      millionths
          ? put_six_places(text.begin(), *millionths)
          : std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed, kPlaces).ptr;
  out.append(text.begin(), end);
}

}  // namespace loader
