#include "loader/command/global_flags.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "loader/suite/k6_options.h"

namespace loader {
namespace {

// rootCmdPersistentFlagSet() of k6's internal/cmd/root.go.
constexpr auto kGlobalFlags =
    std::to_array<std::string_view>({"log-output", "log-format", "config", "no-color", "verbose",
                                     "quiet", "address", "profiling-enabled", "secret-source"});

// Null: there is none.
const K6Option* global_flag(std::string_view name, std::string_view K6Option::* key) {
  for (const K6Option& option : k6_options()) {
    if (option.flag.empty() || option.*key != name) continue;
    return std::ranges::find(kGlobalFlags, option.flag) != kGlobalFlags.end() ? &option : nullptr;
  }
  return nullptr;
}

// How many arguments a global flag is, with its value; 0: the first is none.
std::size_t arguments_of_long(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  const K6Option* const flag = global_flag(argument.substr(2, equals - 2), &K6Option::flag);
  if (flag == nullptr) return 0;
  return flag->takes == K6Flag::value && equals == argument.npos ? 2 : 1;
}

// "-qv", "-q=true"; behind one that takes a value, the rest is it.
std::size_t arguments_of_letters(std::string_view argument) {
  for (std::size_t i = 1; i < argument.size(); ++i) {
    const K6Option* const flag = global_flag(argument.substr(i, 1), &K6Option::letter);
    if (flag == nullptr) return 0;
    if (flag->takes == K6Flag::value) return i + 1 == argument.size() ? 2 : 1;
    if (i + 2 < argument.size() && argument[i + 1] == '=') return 1;
  }
  return argument.size() > 1 ? 1 : 0;
}

std::size_t arguments_of_flag(std::string_view argument) {
  if (argument.starts_with("--")) return arguments_of_long(argument);
  return argument.starts_with("-") ? arguments_of_letters(argument) : 0;
}

}  // namespace

std::vector<std::string> with_command_first(std::vector<std::string> arguments) {
  std::size_t command = 0;
  while (command < arguments.size()) {
    const std::size_t count = arguments_of_flag(arguments[command]);
    if (count == 0) break;
    command += count;
  }
  command = std::min(command, arguments.size());
  const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(command);
  if (at == arguments.end() || at->starts_with("-")) {
    arguments.erase(arguments.begin(), at);
  } else {
    std::rotate(arguments.begin(), at, std::next(at));
  }
  return arguments;
}

}  // namespace loader
