// A program's flags as one table: what each is called, what it takes, and the environment variable
// that says the same. Arguments are read by it, and --help is written from it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"

namespace lab {

/// The value of an environment variable, if it is set. Empty counts as not set: compose's ${X:-}
/// gives every variable that is not.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;
/// That of the process.
[[nodiscard]] std::optional<std::string> environment_variable(const std::string& name);

/// What a flag's text says of a switch, by the words of Go's strconv.ParseBool, which reads k6's:
/// "1", "t", "true", "True", … None: something else.
[[nodiscard]] std::optional<bool> parse_switch(std::string_view text);

/// A flag's text and where it came from ("--seed", "K6_VUS"), for messages.
struct Setting {
  std::string source;
  std::string text;

  /// False: a variable said it.
  [[nodiscard]] bool is_argument() const { return source.empty() || source.starts_with("--"); }
  [[nodiscard]] Error refuse(std::string_view allowed) const;
  [[nodiscard]] Result<bool> as_switch() const;
  [[nodiscard]] Result<std::uint64_t> as_number(
      std::uint64_t min, std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) const;
};

enum class FlagTakes {
  nothing,  ///< A switch; --flag=false turns it off.
  one,      ///< A value; of several the last counts.
  several,  ///< A value each time.
  maybe,    ///< A value behind "=", or none.
};

struct Flag {
  std::string_view name;
  std::string_view value;  ///< What the value is called in --help.
  FlagTakes takes = FlagTakes::nothing;
  std::string_view help;        ///< Empty: --help does not show the flag.
  std::string_view variable{};  ///< Empty: there is none.
  std::string_view letter{};    ///< Its short name; empty: there is none.
  std::string_view implied{};   ///< The value of one that may be left out.
};

/// Every value is a text until somebody asks for it, so that a flag and its variable are checked by
/// the same words.
class GivenFlags {
 public:
  GivenFlags() = default;
  /// `arguments` are those after the program's name; those that are no flags are kept as
  /// `positional`, which is not in the table. The Error names an unknown flag, and the one that may
  /// be meant, or a missing value.
  [[nodiscard]] static Result<GivenFlags> parse(std::span<const Flag> table,
                                                const std::string& positional,
                                                const std::vector<std::string>& arguments);

  /// Takes what a variable says, unless there is a setting already.
  void add_variable(const std::string& flag, std::string_view variable,
                    const EnvironmentLookup& environment);

  /// All values given, in order.
  [[nodiscard]] const std::vector<Setting>& all(const std::string& flag) const;
  [[nodiscard]] std::vector<Setting>& all(const std::string& flag) { return settings_[flag]; }
  /// The last value given.
  [[nodiscard]] std::optional<Setting> find(const std::string& flag) const;
  /// For flags without a value.
  [[nodiscard]] Result<bool> is_on(const std::string& flag) const;
  /// What variables have set, the variable being the source.
  [[nodiscard]] std::vector<Setting> taken_from_environment() const;

 private:
  std::map<std::string, std::vector<Setting>> settings_;
};

/// The flags as --help lists them.
[[nodiscard]] std::string flags_help(std::span<const Flag> table);

}  // namespace lab
