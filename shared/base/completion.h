// Shell completion, written from the tables of flags that arguments are read by, so that it knows
// what the program knows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace lab {

/// What a shell offers for a value, beside whatever the user types.
struct CompletionChoices {
  std::vector<std::string> words{};
  bool has_files = false;
  bool has_folders = false;

  [[nodiscard]] bool operator==(const CompletionChoices&) const = default;
  [[nodiscard]] bool is_empty() const { return words.empty() && !has_files && !has_folders; }
};

/// What --help calls a value, and what there is: {"GATEWAY", {{"healthy", …}, true}}.
struct NamedChoices {
  std::string_view value;
  CompletionChoices choices;
};

struct CompletedCommand {
  std::string_view name{};  ///< "run"; empty: the program has no commands.
  std::string_view help{};
  std::string_view argument{};  ///< What its arguments are called, as Flag::value; empty: none.
  std::span<const Flag> flags{};
};

struct CompletedProgram {
  std::string_view name;
  std::vector<CompletedCommand> commands;
  std::vector<NamedChoices> choices;
};

/// The names of the shells, as --help has them: "bash|zsh|fish".
inline constexpr std::string_view kCompletionShells = "bash|zsh|fish";

/// The script that a shell reads to complete the program's arguments. Flags without a help text
/// are left out, as in --help. The Error says which shells there are.
[[nodiscard]] Result<std::string> completion_script(std::string_view shell,
                                                    const CompletedProgram& program);

/// What a value called `value` may be: that of `named`; else, of "a|b", the words, and files or
/// folders where it says so.
[[nodiscard]] CompletionChoices choices_of(std::string_view value,
                                           std::span<const NamedChoices> named);

// One for each shell.
[[nodiscard]] std::string bash_completion(const CompletedProgram& program);
[[nodiscard]] std::string zsh_completion(const CompletedProgram& program);
[[nodiscard]] std::string fish_completion(const CompletedProgram& program);

}  // namespace lab
