// What the program of a run was made of besides the text of its suite or script: files and
// variables, as facts of the run's identity.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "loader/command/command_line.h"
#include "loader/suite/environment.h"
#include "loader/suite/suite.h"

namespace loader {

/// Digests, by what they are called in messages: "the file lib.js", "the variable WORDS".
using Facts = std::map<std::string, std::string>;

/// 128 bits of SHA-256, as hexadecimal digits.
[[nodiscard]] std::string digest_of(std::string_view text);

/// Of a script: the files that it imports and opens, by where they lie beside its main file; all
/// variables of -e; and those of the environment that its texts name. Not API_KEY, and not what
/// tells processes apart by its nature, as a pod's name.
void add_script_facts(Facts& facts, const Script& script, const RunCommand& command,
                      const RunEnvironment& environment);

/// Of a suite: the prompts of its files.
void add_prompt_facts(Facts& facts, const Suite& suite);

}  // namespace loader
