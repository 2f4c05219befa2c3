#include "loader/command/short_flags.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

namespace loader {
namespace {

bool takes_value(const lab::Flag& flag) {
  return flag.takes == lab::FlagTakes::one || flag.takes == lab::FlagTakes::several;
}

// Null: there is none.
const lab::Flag* flag_of(std::span<const lab::Flag> table, std::string_view lab::Flag::* key,
                         std::string_view text) {
  if (text.empty()) return nullptr;
  const auto found = std::ranges::find(table, text, key);
  return found == table.end() ? nullptr : &*found;
}

struct Apart {
  std::vector<std::string> parts;
  bool needs_next = false;  ///< The value of the last is the next argument, whatever that is.
};

// Of "-wi1"; none: a letter is no flag.
std::optional<Apart> short_flags(std::span<const lab::Flag> table, std::string_view argument) {
  Apart apart;
  for (std::string_view rest = argument.substr(1); !rest.empty(); rest.remove_prefix(1)) {
    const lab::Flag* const flag = flag_of(table, &lab::Flag::letter, rest.substr(0, 1));
    if (flag == nullptr) return std::nullopt;
    // As in pflag "=" with nothing behind it separates nothing: to `-u=` it is the value.
    const bool has_equals = rest.size() > 2 && rest[1] == '=';
    const std::string value(rest.substr(has_equals ? 2 : 1));
    if (takes_value(*flag)) {
      apart.parts.push_back("-" + std::string(flag->letter));
      if (!value.empty()) apart.parts.push_back(value);
      apart.needs_next = value.empty();
      return apart;
    }
    apart.parts.push_back("--" + std::string(flag->name) + (has_equals ? "=" + value : ""));
    if (has_equals) return apart;
  }
  return apart;
}

Apart apart_of(std::span<const lab::Flag> table, const std::string& argument) {
  if (argument.size() < 2 || !argument.starts_with('-')) return {{argument}};
  if (argument.starts_with("--")) {
    const lab::Flag* const flag = flag_of(table, &lab::Flag::name, argument.substr(2));
    return {{argument}, flag != nullptr && takes_value(*flag)};
  }
  return short_flags(table, argument).value_or(Apart{{argument}});
}

}  // namespace

std::vector<std::string> with_short_flags_apart(std::span<const lab::Flag> table,
                                                const std::vector<std::string>& arguments) {
  std::vector<std::string> all;
  bool is_value = false;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--" && !is_value) {
      all.insert(all.end(), argument, arguments.end());
      break;
    }
    Apart apart = is_value ? Apart{{*argument}} : apart_of(table, *argument);
    is_value = apart.needs_next;
    std::ranges::move(apart.parts, std::back_inserter(all));
  }
  return all;
}

}  // namespace loader
