#include "loader/command/script_variables.h"

#include <algorithm>

namespace loader {
namespace {

constexpr std::string_view kEnvironmentName = "__ENV";
constexpr std::string_view kWhiteSpace = " \t\r\n";

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

std::string_view without_leading_space(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
  return text;
}

std::string_view without_trailing_space(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
}

std::string_view leading_name(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_of_name);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// Behind __ENV: ".NAME", "?.NAME", "['NAME']", "?.['NAME']"; else empty.
std::string_view member_of(std::string_view rest) {
  rest = without_leading_space(rest);
  if (rest.starts_with("?.")) {
    rest.remove_prefix(1);
    if (without_leading_space(rest.substr(1)).starts_with('[')) rest.remove_prefix(1);
  }
  const bool is_dotted = rest.starts_with('.');
  if (!is_dotted && !rest.starts_with('[')) return {};
  rest = without_leading_space(rest.substr(1));
  if (is_dotted) return leading_name(rest);
  if (rest.empty() || std::string_view("'\"`").find(rest.front()) == std::string_view::npos) {
    return {};
  }
  const std::size_t end = rest.find(rest.front(), 1);
  return end == std::string_view::npos ? std::string_view() : rest.substr(1, end - 1);
}

// Before __ENV: "{A, B: b, C = 1} =".
void add_taken_apart(std::string_view before, std::set<std::string>& names) {
  before = without_trailing_space(before);
  if (!before.ends_with('=')) return;
  before = without_trailing_space(before.substr(0, before.size() - 1));
  const std::size_t open = before.rfind('{');
  if (!before.ends_with('}') || open == std::string_view::npos) return;
  std::string_view list = before.substr(open + 1, before.size() - open - 2);
  while (!list.empty()) {
    const std::string_view name = leading_name(without_leading_space(list));
    if (!name.empty()) names.emplace(name);
    list.remove_prefix(std::min(list.find(','), list.size() - 1) + 1);
  }
}

}  // namespace

std::set<std::string> variables_of_script(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t at = text.find(kEnvironmentName); at != std::string_view::npos;
       at = text.find(kEnvironmentName, at + 1)) {
    const std::string_view behind = text.substr(at + kEnvironmentName.size());
    if ((at > 0 && is_of_name(text[at - 1])) || !leading_name(behind).empty()) continue;
    const std::string_view member = member_of(behind);
    if (!member.empty()) names.emplace(member);
    add_taken_apart(text.substr(0, at), names);
  }
  return names;
}

}  // namespace loader
