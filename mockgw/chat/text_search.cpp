#include "mockgw/chat/text_search.h"

#include <vector>

namespace mockgw {
namespace {

// What the library's search compares at most in vain; real stop sequences are shorter.
constexpr std::size_t kShortPart = 64;

// For each place of `part` the length of the longest beginning of it that ends there, but for the
// place's own.
std::vector<std::size_t> borders_of(std::string_view part) {
  std::vector<std::size_t> borders(part.size(), 0);
  for (std::size_t i = 1, length = 0; i < part.size(); ++i) {
    while (length > 0 && part[i] != part[length]) length = borders[length - 1];
    if (part[i] == part[length]) ++length;
    borders[i] = length;
  }
  return borders;
}

}  // namespace

std::size_t find_text(std::string_view text, std::string_view part) {
  if (part.size() <= kShortPart || part.size() > text.size()) return text.find(part);
  const std::vector<std::size_t> borders = borders_of(part);
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (length > 0 && text[i] != part[length]) length = borders[length - 1];
    if (text[i] == part[length]) ++length;
    if (length == part.size()) return i + 1 - length;
  }
  return std::string_view::npos;
}

}  // namespace mockgw
