#include "loader/delivery/decimal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace loader {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::ptrdiff_t kPlaces = 6;

void append_millionths(std::string& out, std::uint64_t millionths) {
  std::array<char, 24> text{};
  char* end = std::to_chars(text.begin(), text.end(), millionths / kMillion).ptr;
  std::uint64_t rest = millionths % kMillion;
  if (rest != 0) {
    *end = '.';
    for (std::ptrdiff_t place = kPlaces; place > 0; --place) {
      end[place] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    }
    end += kPlaces;
    while (*end == '0') --end;
    ++end;
  }
  out.append(text.begin(), end);
}

}  // namespace

// A division is exact to the last bit, so that `value` is what the text with six places is read as.
// A shorter one would be another number: up to 15 digits, no two are read as the same double.
// Beyond these bounds std::to_chars() may prefer an exponent.
void append_decimal(std::string& out, double value) {
  const bool is_usual = (value >= 0.001 && value < 100'000) || (value == 0 && !std::signbit(value));
  if (is_usual) {
    // What this rounds otherwise than it should is refused by the comparison.
    // NOLINTNEXTLINE(bugprone-incorrect-roundings)
    const auto millionths = static_cast<std::uint64_t>(value * double{kMillion} + 0.5);
    if (static_cast<double>(millionths) / double{kMillion} == value) {
      return append_millionths(out, millionths);
    }
  }
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  out.append(digits.begin(), end);
}

}  // namespace loader
