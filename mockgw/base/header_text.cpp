#include "mockgw/base/header_text.h"

#include <algorithm>
#include <array>

namespace mockgw {
namespace {

constexpr auto kOfTheConnection =
    std::to_array<std::string_view>({"connection", "content-length", "date", "transfer-encoding"});

bool is_token_character(char c) {
  const bool is_alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Tabs and everything from the space on; bytes beyond ASCII are obs-text.
bool is_value_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

}  // namespace

std::string header_value_problem(std::string_view value) {
  if (std::ranges::all_of(value, is_value_byte)) return {};
  return "a header's value must not hold line breaks or other control characters";
}

std::string header_problem(std::string_view name, std::string_view value) {
  if (name.empty() || !std::ranges::all_of(name, is_token_character)) {
    return "\"" + std::string(name) + "\" is no name of a header: letters, digits and - are";
  }
  const auto is_same = [name](std::string_view own) {
    return std::ranges::equal(own, name, {}, {}, to_lower);
  };
  if (std::ranges::any_of(kOfTheConnection, is_same)) {
    return "the connection writes " + std::string(name) + " itself";
  }
  return header_value_problem(value);
}

void append_header_value(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  out += value;
  const auto appended = out.begin() + static_cast<std::ptrdiff_t>(start);
  std::replace_if(appended, out.end(), [](char c) { return !is_value_byte(c); }, ' ');
}

}  // namespace mockgw
