#include "shared/base/completion.h"

namespace lab {
namespace {

// In single quotes, as a part of a spec of _arguments or _describe where `special` ends a part.
std::string zsh_part(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '\\' || special.find(c) != special.npos) out += '\\';
    out += c;
  }
  return out;
}

// What _arguments does for a value: offers words, files, folders.
std::string zsh_action(const CompletionChoices& choices) {
  if (choices.is_empty()) return " ";
  std::string action = "{";
  if (!choices.words.empty()) {
    action += "compadd --";
    for (const std::string& word : choices.words) action += " " + word;
    action += ";";
  }
  if (choices.has_files) action += " _files;";
  if (choices.has_folders) action += " _files -/;";
  return action + "}";
}

std::string zsh_value(std::string_view value, const CompletedProgram& program) {
  return zsh_part(value, ":") + ":" + zsh_action(choices_of(value, program.choices));
}

std::string zsh_flag(const Flag& flag, const CompletedProgram& program) {
  const std::string name = "--" + std::string(flag.name);
  const std::string letter = flag.letter.empty() ? "" : "-" + std::string(flag.letter);
  const bool is_repeatable = flag.takes == FlagTakes::several;
  std::string rest = "[" + zsh_part(flag.help, "[]") + "]";
  if (flag.takes == FlagTakes::maybe) rest += "::" + zsh_value(flag.value, program);
  if (flag.takes == FlagTakes::one || is_repeatable) rest += ":" + zsh_value(flag.value, program);
  const std::string before = is_repeatable || letter.empty() ? "" : "(" + letter + " " + name + ")";
  const std::string star = is_repeatable ? "*" : "";
  const auto spec = [&](const std::string& each, std::string_view joint) {
    return " \\\n        '" + star + before + each + std::string(joint) + rest + "'";
  };
  const bool has_value = flag.takes != FlagTakes::nothing;
  std::string text = spec(name, flag.takes == FlagTakes::maybe ? "=-" : has_value ? "=" : "");
  if (!letter.empty()) text += spec(letter, has_value ? "+" : "");
  return text;
}

std::string zsh_arguments(const CompletedCommand& command, const CompletedProgram& program) {
  std::string text = "      _arguments";
  for (const Flag& flag : command.flags) {
    if (!flag.help.empty()) text += zsh_flag(flag, program);
  }
  if (!command.argument.empty()) {
    text += " \\\n        '*:" + zsh_value(command.argument, program) + "'";
  }
  return text;
}

}  // namespace

std::string zsh_completion(const CompletedProgram& program) {
  const std::string name(program.name);
  std::string text = "#compdef " + name + "\n# Completes the arguments of " + name +
                     " in zsh; it was written by " + name + " itself.\n_" + name + "() {\n";
  if (program.commands.front().name.empty()) {
    text += zsh_arguments(program.commands.front(), program) + "\n";
  } else {
    std::string names;
    std::string cases;
    for (const CompletedCommand& command : program.commands) {
      const std::string word(command.name);
      names += "      '" + word + ":" + zsh_part(command.help, ":") + "'\n";
      cases += "    " + word + ")\n" + zsh_arguments(command, program) + " ;;\n";
    }
    text += "  if ((CURRENT == 2)); then\n    local -a commands=(\n" + names +
            "    )\n    _describe command commands\n    return\n  fi\n" +
            "  local command=$words[2]\n  shift words\n  ((CURRENT--))\n  case $command in\n" +
            cases + "  esac\n";
  }
  return text + "}\nif [[ $funcstack[1] == _" + name + " ]]; then _" + name + "; else compdef _" +
         name + " " + name + "; fi\n";
}

}  // namespace lab
