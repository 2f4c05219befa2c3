// Every option, variable and flag of `k6 run` (v1.3 to v2.2), and what becomes of it here: data
// only. The readers of suites and of the command line act on it, docs/k6-options.md shows it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace loader {

enum class K6Word : std::uint8_t {
  works,        ///< It has k6's effect, and a wrong value is refused.
  refused,      ///< Setting it is an error that says why.
  warned,       ///< Setting it is told of, and the run goes on.
  for_scripts,  ///< It has k6's effect on a script; beside a suite, setting it is told of.
};

/// How the text of a flag or variable becomes the option's value.
enum class K6Shape : std::uint8_t {
  own,    ///< It does not: the command line knows it by itself.
  text,   ///< As it stands; k6 takes numbers and switches as texts.
  list,   ///< Separated by commas.
  pairs,  ///< "ttl=5m,select=random".
};

/// What the value of a flag is.
enum class K6Flag : std::uint8_t { none, toggle, value };

struct K6Option {
  std::string_view option;    ///< Of the options object; empty: there is none.
  std::string_view variable;  ///< Empty: there is none.
  std::string_view flag;      ///< Its long name; empty: there is none.
  std::string_view letter;    ///< Its short name; empty: there is none.
  K6Flag takes = K6Flag::none;
  K6Word word = K6Word::works;
  K6Shape shape = K6Shape::own;
  std::string_view says;  ///< The error, the warning, or a remark.

  /// The name under which the command line keeps what a flag or a variable says.
  [[nodiscard]] std::string_view setting() const { return flag.empty() ? option : flag; }
};

/// In the order of k6's documentation: load, requests, reports, program.
[[nodiscard]] std::span<const K6Option> k6_options();

/// True for variables of k6 that other parts than `k6 run` read, or outputs that loader does not
/// have, and for those with a name of the user's own.
[[nodiscard]] bool is_of_other_parts(std::string_view variable);

/// True for variables that an output reads: if it is not chosen nobody looks at them, as in k6.
[[nodiscard]] bool is_of_output(std::string_view variable);

}  // namespace loader
