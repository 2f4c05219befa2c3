#include "shared/base/completion.h"

#include <algorithm>

namespace lab {
namespace {

// A word that is typed as it stands, such as "compact"; not the name of a value.
bool is_typed(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void add_alternative(std::string_view alternative, CompletionChoices& choices) {
  if (is_typed(alternative)) choices.words.emplace_back(alternative);
  if (alternative.find("FILE") != alternative.npos) choices.has_files = true;
  if (alternative.find("FOLDER") != alternative.npos) choices.has_folders = true;
}

}  // namespace

CompletionChoices choices_of(std::string_view value, std::span<const NamedChoices> named) {
  const auto found = std::ranges::find(named, value, &NamedChoices::value);
  if (found != named.end()) return found->choices;
  CompletionChoices choices;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find('|'), value.size());
    add_alternative(value.substr(0, end), choices);
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return choices;
}

Result<std::string> completion_script(std::string_view shell, const CompletedProgram& program) {
  const auto made = [](std::string text) {
    return Result<std::string>(boost::system::in_place_value, std::move(text));
  };
  if (shell == "bash") return made(bash_completion(program));
  if (shell == "zsh") return made(zsh_completion(program));
  if (shell == "fish") return made(fish_completion(program));
  return Error{{}, "no completion for \"" + std::string(shell) + "\"; there are bash, zsh, fish"};
}

}  // namespace lab
