#include "shared/base/completion.h"

namespace lab {
namespace {

// A word of fish, whatever is in it.
std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_choices(const CompletionChoices& choices) {
  std::string words;
  for (const std::string& word : choices.words) words += (words.empty() ? "" : " ") + word;
  if (choices.has_folders) words += " (__fish_complete_directories)";
  return (choices.has_files ? " -F" : "") +
         (words.empty() ? std::string() : " -a " + fish_quoted(words));
}

std::string fish_flag(const std::string& start, const Flag& flag, const CompletedProgram& program) {
  std::string line = start + " -l " + std::string(flag.name);
  if (!flag.letter.empty()) line += " -s " + std::string(flag.letter);
  if (flag.takes != FlagTakes::nothing) {
    const CompletionChoices choices = choices_of(flag.value, program.choices);
    // With -r a value must follow; without files -x says that there are none.
    if (flag.takes != FlagTakes::maybe) line += choices.has_files ? " -r" : " -x";
    line += fish_choices(choices);
  }
  return line + " -d " + fish_quoted(flag.help) + "\n";
}

}  // namespace

std::string fish_completion(const CompletedProgram& program) {
  const std::string name(program.name);
  const std::string start = "complete -c " + name;
  std::string text = "# Completes the arguments of " + name + " in fish; it was written by " +
                     name + " itself.\n" + start + " -f\n";
  for (const CompletedCommand& command : program.commands) {
    std::string where = start;
    if (!command.name.empty()) {
      const std::string word(command.name);
      text += start + " -n __fish_use_subcommand -a " + word + " -d " + fish_quoted(command.help) +
              "\n";
      where += " -n '__fish_seen_subcommand_from " + word + "'";
    }
    const CompletionChoices arguments = choices_of(command.argument, program.choices);
    if (!arguments.is_empty()) text += where + fish_choices(arguments) + "\n";
    for (const Flag& flag : command.flags) {
      if (!flag.help.empty()) text += fish_flag(where, flag, program);
    }
  }
  return text;
}

}  // namespace lab
