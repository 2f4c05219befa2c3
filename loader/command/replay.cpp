#include "loader/command/replay.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace loader {
namespace {

// For a key: a command is copied into logs and tickets, where it must not be read.
const std::string kSecret = "API_KEY";
const std::string kSecretReference = "\"$API_KEY\"";

// The names in ${NAME}; one in a comment does no harm.
std::set<std::string> names_in(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at)) {
    at += 2;
    names.emplace(text.substr(at, std::min(text.find('}', at), text.size()) - at));
  }
  return names;
}

bool is_assigned(const GivenCommand& given, const std::string& name) {
  return std::any_of(
      given.assignments.begin(), given.assignments.end(),
      [&](const std::string& assignment) { return assignment.starts_with(name + "="); });
}

}  // namespace

std::string shown_argument(std::string_view argument) {
  const std::size_t value = argument.find(kSecret + "=");
  if (value == std::string_view::npos) return shell_quoted(argument);
  return std::string(argument.substr(0, value)) + kSecret + "=" + kSecretReference;
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,%+@";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string replay_command(const GivenCommand& given, const lab::EnvironmentLookup& environment) {
  std::set<std::string> names = names_in(given.suite_text);
  names.insert({"MODEL", "MAX_TOKENS", "TEMPERATURE", kSecret});
  std::map<std::string, std::string> variables;
  for (const std::string& name : names) {
    const auto value = environment(name);
    if (!value || is_assigned(given, name)) continue;
    variables[name] = name == kSecret ? kSecretReference : shell_quoted(*value);
  }
  for (const lab::Setting& setting : given.taken_from_environment) {
    variables[setting.source] = shell_quoted(setting.text);
  }
  std::string text;
  for (const auto& [name, value] : variables) {
    text.append(name).append("=").append(value).append(" ");
  }
  text += "loader run";
  for (const std::string& argument : given.arguments) text += " " + shown_argument(argument);
  return text;
}

}  // namespace loader
