// What a script, and its host on its behalf, has to say to people.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/time.h"

namespace loader {

enum class ScriptLogLevel : std::uint8_t { debug, info, warning, error };

struct ScriptLogLine {
  ScriptLogLevel level = ScriptLogLevel::info;
  std::string text;
  std::string source{};  ///< "console", "stacktrace"; empty: the host.
  /// What else there is to say: "error", "connection refused".
  std::vector<std::pair<std::string, std::string>> fields{};
  lab::WallTime at{};       ///< By the clock of the script's world.
  bool is_of_init = false;  ///< Said by init code.
};

}  // namespace loader
