#include "loader/suite/environment.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "shared/base/utf8.h"

namespace loader {
namespace {

// As in the k6 suite that the built-in suites replace.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kDefaults{{
    {"GATEWAY_URL", "http://localhost:8080"},
    {"API_KEY", "test-api-key"},
    {"MODEL", "gpt-3.5-turbo"},
    {"MAX_TOKENS", "100"},
    {"TEMPERATURE", "0.7"},
}};

bool is_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto may_follow = [&is_letter](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, may_follow);
}

}  // namespace

const std::string& RunEnvironment::gateway_url() const {
  return variables.find("GATEWAY_URL")->second;
}

const std::string& RunEnvironment::api_key() const { return variables.find("API_KEY")->second; }

lab::Result<RunEnvironment> make_environment(const std::vector<std::string>& process_environment,
                                             const std::vector<std::string>& assignments) {
  RunEnvironment environment;
  for (const std::string& entry : process_environment) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    environment.set_by_user[lab::valid_utf8(entry.substr(0, equals))] =
        lab::valid_utf8(entry.substr(equals + 1));
  }
  // A compose file's ${NAME:-} passes on what nobody set.
  for (const auto& [name, value] : kDefaults) {
    const auto found = environment.set_by_user.find(std::string(name));
    if (found != environment.set_by_user.end() && found->second.empty()) {
      environment.set_by_user.erase(found);
    }
  }
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    const std::string name = assignment.substr(0, equals);
    if (!is_name(name)) {
      return lab::Error{"-e", "\"" + name +
                                  "\" is no name of letters, digits and \"_\" that begins with no "
                                  "digit; write -e NAME=VALUE"};
    }
    // As in k6 -e NAME alone empties it, whatever the process has under that name.
    environment.set_by_user[name] =
        equals == std::string::npos ? "" : lab::valid_utf8(assignment.substr(equals + 1));
  }
  environment.variables = environment.set_by_user;
  for (const auto& [name, value] : kDefaults)
    environment.variables.try_emplace(std::string(name), value);
  return environment;
}

}  // namespace loader
