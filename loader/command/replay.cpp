#include "loader/command/replay.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "loader/delivery/output_variables.h"
#include "loader/suite/k6_options.h"

namespace loader {
namespace {

// A command is copied into logs and tickets, where these must not be read.
constexpr std::array<std::string_view, 10> kSecrets{"API_KEY",
                                                    "K6_INFLUXDB_PASSWORD",
                                                    "K6_INFLUXDB_TOKEN",
                                                    "K6_INFLUXDB_PROXY",
                                                    "K6_PROMETHEUS_RW_PASSWORD",
                                                    "K6_PROMETHEUS_RW_BEARER_TOKEN",
                                                    "K6_PROMETHEUS_RW_HTTP_HEADERS",
                                                    "K6_PROMETHEUS_RW_SERVER_URL",
                                                    "K6_OTEL_HEADERS",
                                                    "K6_OTEL_HTTP_EXPORTER_PASSWORD"};

// A shell takes the variable's value; a name that is none of a variable has no such form.
std::string reference_to(std::string_view name) {
  const bool is_variable = name.find_first_of("-.") == std::string_view::npos;
  return is_variable ? "\"$" + std::string(name) + "\"" : "'***'";
}

bool is_secret(std::string_view name) {
  return std::find(kSecrets.begin(), kSecrets.end(), name) != kSecrets.end();
}

// The names in ${NAME}; one in a comment does no harm.
std::set<std::string> names_in(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at)) {
    at += 2;
    names.emplace(text.substr(at, std::min(text.find('}', at), text.size()) - at));
  }
  return names;
}

constexpr std::string_view kOfNames =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

bool has_secret_word(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "max_tokens") return false;
  return std::ranges::any_of(
      std::to_array({"key", "token", "secret", "password", "credential", "authorization"}),
      [&](const char* word) { return lower.find(word) != std::string::npos; });
}

// The name of NAME=VALUE, also behind a flag (--env=NAME=VALUE, -eNAME=VALUE), if by that name the
// value is nobody else's to read.
std::string_view secret_variable(std::string_view argument) {
  for (const std::string_view flag : {"--env=", "--tag=", "-e"}) {
    if (argument.starts_with(flag)) argument.remove_prefix(flag.size());
  }
  const std::size_t end = argument.find_first_not_of(kOfNames);
  if (end == std::string_view::npos || argument[end] != '=') return {};
  const std::string_view name = argument.substr(0, end);
  return !name.starts_with('-') && has_secret_word(name) ? name : std::string_view();
}

bool is_assigned(const GivenCommand& given, const std::string& name) {
  return std::any_of(
      given.assignments.begin(), given.assignments.end(),
      [&](const std::string& assignment) { return assignment.starts_with(name + "="); });
}

}  // namespace

std::set<std::string> variables_of(std::string_view suite_text) {
  std::set<std::string> names = names_in(suite_text);
  names.insert({"MODEL", "MAX_TOKENS", "TEMPERATURE"});
  names.erase("API_KEY");
  return names;
}

std::string shown_argument(std::string_view argument) {
  if (const std::string_view name = secret_variable(argument); !name.empty()) {
    const std::size_t value = argument.find(name) + name.size() + 1;
    return std::string(argument.substr(0, value)) + reference_to(name);
  }
  for (const std::string_view secret : kSecrets) {
    const std::string assigned = std::string(secret) + "=";
    const std::size_t value = argument.find(assigned);
    if (value == std::string_view::npos) continue;
    return std::string(argument.substr(0, value)) + assigned + reference_to(secret);
  }
  return shell_quoted(without_users(argument));
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
  std::set<std::string> names = variables_of(given.suite_text);
  names.insert("API_KEY");
  for (const K6Option& option : k6_options()) {
    if (is_of_output(option.variable)) names.emplace(option.variable);
  }
  std::map<std::string, std::string> variables;
  for (const std::string& name : names) {
    const auto value = environment(name);
    if (!value || is_assigned(given, name)) continue;
    const bool is_hidden = is_secret(name) || !secret_variable(name + "=").empty();
    variables[name] = is_hidden ? reference_to(name) : shell_quoted(*value);
  }
  for (const lab::Setting& setting : given.taken_from_environment) {
    variables[setting.source] = shell_quoted(without_users(setting.text));
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
