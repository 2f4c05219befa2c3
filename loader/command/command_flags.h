// Flags as texts, from the command line or from K6_… variables; what they mean is command_line.h's
// business.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"

namespace loader {

/// The value of an environment variable, if it is set. Empty counts as not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// A flag's text and where it came from ("--seed", "K6_VUS"), for messages.
struct Setting {
  std::string source;
  std::string text;

  [[nodiscard]] lab::Error refuse(std::string_view allowed) const {
    return {source, "\"" + text + "\" is not allowed; it takes " + std::string(allowed)};
  }
};

class CommandFlags {
 public:
  /// `arguments` are those after the command's name. The Error names an unknown flag or a missing
  /// value.
  [[nodiscard]] static lab::Result<CommandFlags> parse(const std::vector<std::string>& arguments,
                                                       const EnvironmentLookup& environment);
  /// The flags as --help lists them.
  [[nodiscard]] static std::string help();

  /// All values given, in order; those of the command line replace the environment's.
  [[nodiscard]] std::vector<Setting> all(const std::string& flag) const;
  /// The last value given.
  [[nodiscard]] std::optional<Setting> find(const std::string& flag) const;
  /// What variables have set, the variable being the source.
  [[nodiscard]] std::vector<Setting> taken_from_environment() const;
  /// What was said without effect, for people.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  /// For flags without a value.
  [[nodiscard]] lab::Result<bool> is_on(const std::string& flag) const;

 private:
  void take_gateway_after_simulate(const std::vector<std::string>& arguments);
  /// Takes what a variable says, unless there is a setting already.
  void add_variable(const std::string& setting, std::string variable,
                    const EnvironmentLookup& environment);

  /// What k6 has and loader does not: an error or a warning, whatever k6_options.h says.
  [[nodiscard]] lab::Result<void> heed_k6(const EnvironmentLookup& environment);

  std::map<std::string, std::vector<Setting>> settings_;
  std::vector<std::string> warnings_;
};

}  // namespace loader
