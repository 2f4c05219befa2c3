#include <map>

#include "shared/base/completion.h"

namespace lab {
namespace {

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// The call of the function below that offers them.
std::string offer(const CompletionChoices& choices) {
  return "choose '" + joined_words(choices.words) + "'" + (choices.has_files ? " -f" : "") +
         (choices.has_folders ? " -d" : "");
}

// How the script says "after this flag of this command": "run:--seed". After a flag whose value may
// be left out a word is none of it, unless there is a "=" between: "run:--simulate=".
std::vector<std::string> places_of(const CompletedCommand& command, const Flag& flag) {
  const std::string before = std::string(command.name) + ":";
  const std::string name = before + "--" + std::string(flag.name);
  if (flag.takes == FlagTakes::maybe) return {name + "="};
  std::vector<std::string> places{name, name + "="};
  if (!flag.letter.empty()) places.push_back(before + "-" + std::string(flag.letter));
  return places;
}

// After which flags what is offered.
std::string value_cases(const CompletedProgram& program) {
  std::map<std::string, std::string> patterns;
  for (const CompletedCommand& command : program.commands) {
    for (const Flag& flag : command.flags) {
      if (flag.takes == FlagTakes::nothing || flag.help.empty()) continue;
      std::string& pattern = patterns[offer(choices_of(flag.value, program.choices))];
      for (const std::string& place : places_of(command, flag)) {
        pattern += (pattern.empty() ? "" : "|") + place;
      }
    }
  }
  std::string text;
  for (const auto& [call, pattern] : patterns) {
    text += "    " + pattern + ")\n      " + call + "; return ;;\n";
  }
  return text;
}

std::string flag_words(const CompletedCommand& command) {
  std::string text;
  for (const Flag& flag : command.flags) {
    if (flag.help.empty()) continue;
    text += (text.empty() ? "--" : " --") + std::string(flag.name);
    if (!flag.letter.empty()) text += " -" + std::string(flag.letter);
  }
  return text;
}

// What each command's flags and arguments are.
std::string command_cases(const CompletedProgram& program) {
  std::string text;
  for (const CompletedCommand& command : program.commands) {
    text += "    " + std::string(command.name) + ":-*) choose '" + flag_words(command) + "' ;;\n";
    if (command.argument.empty()) continue;
    text += "    " + std::string(command.name) + ":*) " +
            offer(choices_of(command.argument, program.choices)) + " ;;\n";
  }
  return text;
}

// Bash takes the "=" of --flag=value for a word of its own.
constexpr std::string_view kWords = R"(  local equals= command=
  local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]}
  if [[ $word == = ]]; then word= equals==
  elif [[ $flag == = ]]; then flag=${COMP_WORDS[COMP_CWORD-2]} equals==
  fi
  COMPREPLY=()
  choose() {
    mapfile -t COMPREPLY < <(compgen "${@:2}" -W "$1" -- "$word")
    if [[ -n ${2:-} ]]; then compopt -o filenames 2>/dev/null; fi
  }
)";

std::string command_words(const CompletedProgram& program) {
  if (program.commands.front().name.empty()) return {};
  std::string words;
  for (const CompletedCommand& command : program.commands) words += std::string(command.name) + " ";
  return "  if ((COMP_CWORD == 1)); then choose '" + words + "--help --version'; return; fi\n" +
         "  command=${COMP_WORDS[1]}\n";
}

}  // namespace

std::string bash_completion(const CompletedProgram& program) {
  const std::string name(program.name);
  return "# Completes the arguments of " + name + " in bash; it was written by " + name +
         " itself.\n_" + name + "() {\n" + std::string(kWords) + command_words(program) +
         "  case $command:$flag$equals in\n" + value_cases(program) +
         "  esac\n  case $command:$word in\n" + command_cases(program) + "  esac\n}\n" +
         "complete -F _" + name + " " + name + "\n";
}

}  // namespace lab
