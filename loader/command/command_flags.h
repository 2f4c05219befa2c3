// Flags as texts, from the command line or from K6_… variables; what they mean is command_line.h's
// business.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

/// The table of `loader run`'s flags.
[[nodiscard]] std::span<const lab::Flag> run_flags();

/// For flags without a value, among them one whose variable is a switch in a way of its own.
[[nodiscard]] lab::Result<bool> is_flag_on(const lab::GivenFlags& given, const std::string& flag);

class CommandFlags {
 public:
  /// `arguments` are those after the command's name. The Error names an unknown flag or a missing
  /// value.
  [[nodiscard]] static lab::Result<CommandFlags> parse(const std::vector<std::string>& arguments,
                                                       const lab::EnvironmentLookup& environment);
  /// The flags as --help lists them.
  [[nodiscard]] static std::string help();

  [[nodiscard]] const lab::GivenFlags& given() const { return given_; }
  /// All values given, in order; those of the command line replace the environment's.
  [[nodiscard]] const std::vector<lab::Setting>& all(const std::string& flag) const {
    return given_.all(flag);
  }
  /// The last value given.
  [[nodiscard]] std::optional<lab::Setting> find(const std::string& flag) const {
    return given_.find(flag);
  }
  /// What variables have set, the variable being the source.
  [[nodiscard]] std::vector<lab::Setting> taken_from_environment() const {
    return given_.taken_from_environment();
  }
  /// What was said without effect, for people.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  /// For flags without a value.
  [[nodiscard]] lab::Result<bool> is_on(const std::string& flag) const;

 private:
  void take_value_behind(const std::string& name, const std::vector<std::string>& arguments);
  [[nodiscard]] lab::EnvironmentLookup with_assignments(
      const lab::EnvironmentLookup& environment) const;
  void take_variables(const lab::EnvironmentLookup& environment);
  void drop_empty();
  /// What k6 has and loader does not: an error or a warning, whatever k6_options.h says.
  [[nodiscard]] lab::Result<void> heed_k6(const lab::EnvironmentLookup& environment);

  lab::GivenFlags given_;
  std::vector<std::string> warnings_;
};

}  // namespace loader
