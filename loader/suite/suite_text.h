// What a user names to be run: a file, or what is built in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/base/error.h"

namespace loader {

/// The text of a suite and where it comes from.
struct SuiteText {
  std::string text;
  std::string file;                   ///< For errors.
  std::optional<std::string> folder;  ///< Of the file; none for what is built in.
  bool is_script = false;             ///< A k6 script, by its name or by what it begins with.
};

/// The names of the built-in suites, sorted.
[[nodiscard]] std::vector<std::string> builtin_suites();

/// The names of the built-in k6 scripts, sorted: "smoke-test.js".
[[nodiscard]] std::vector<std::string> builtin_scripts();

/// A text from elsewhere; `file` is its name, which may say what it is. An Error: an archive.
[[nodiscard]] lab::Result<SuiteText> suite_text_of(std::string text, const std::string& file,
                                                   const std::string& folder);

/// The suite that a user names: a path if there is such a file or the name looks like one, else a
/// built-in one or a built-in script. The Error lists the built-in names.
[[nodiscard]] lab::Result<SuiteText> find_suite(const std::string& name);

}  // namespace loader
