// Boost.JSON's own definitions, once: Debian has the library in a package of its own, and only its
// parser is used.
#include "shared/protocol/json_events.h"

#include <boost/json/src.hpp>
#include <charconv>

namespace lab {
namespace {

constexpr std::size_t kEscapeSize = 6;  // \u and four digits.

// The code unit that an escape at `place` stands for; 0, which is none of a pair, if there is none.
unsigned unit_at(std::string_view json, std::size_t place) {
  if (place + kEscapeSize > json.size() || json[place] != '\\' || json[place + 1] != 'u') return 0;
  unsigned unit = 0;
  const char* const digits = json.data() + place + 2;
  const auto [end, ec] = std::from_chars(digits, digits + 4, unit, 16);
  return ec == std::errc() && end == digits + 4 ? unit : 0;
}

bool is_first_half(unsigned unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_second_half(unsigned unit) { return unit >= 0xdc00 && unit < 0xe000; }

}  // namespace

std::string_view with_whole_surrogates(std::string_view json, std::string& repaired) {
  std::size_t place = 0;
  while (true) {
    place = json.find('\\', place);
    if (place == std::string_view::npos) break;
    const unsigned unit = unit_at(json, place);
    if (is_first_half(unit) && is_second_half(unit_at(json, place + kEscapeSize))) {
      place += 2 * kEscapeSize;
    } else if (is_first_half(unit) || is_second_half(unit)) {
      if (repaired.empty()) repaired = json;
      repaired.replace(place + 2, 4, "fffd");
      place += kEscapeSize;
    } else {
      place = std::min(place + 2, json.size());
    }
  }
  return repaired.empty() ? json : repaired;
}

}  // namespace lab
