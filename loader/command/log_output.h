// Where messages go, and which: the flag --log-output.
#pragma once

#include <string>

#include "loader/script/script_log.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

struct LogPlace {
  std::string where = "stderr";  ///< Or "stdout", "none", "file=FILE".
  ScriptLogLevel least = ScriptLogLevel::debug;
};

/// "stderr", "stdout", "none" or "file=FILE,level=LEVEL", whose level is one of logrus.
[[nodiscard]] lab::Result<LogPlace> parse_log_output(const lab::Setting& setting);

}  // namespace loader
