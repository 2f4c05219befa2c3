// A k6 options object alone, made a suite with the flows of a built-in one.
#pragma once

#include <string>
#include <vector>

#include "shared/base/error.h"

namespace loader {

struct ComposedSuite {
  std::string text;
  std::vector<std::string> warnings;  ///< What of the options could not be taken, for people.
};

/// `text` is an options object, as `k6 inspect` prints it; `file` its name, for errors and for the
/// suite's. Each function that its scenarios execute is the first flow of the built-in suite
/// `flow`. Thresholds over metrics that only a script could have are left out. The Error says what
/// is wrong with the object, or lists the built-in suites.
[[nodiscard]] lab::Result<ComposedSuite> suite_with_flow(const std::string& text,
                                                         const std::string& file,
                                                         const std::string& flow);

}  // namespace loader
