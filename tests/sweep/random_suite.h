// A random suite.
#pragma once

#include "shared/base/json_fwd.h"
#include "tests/sweep/draw.h"

namespace lab::test {

/// A patient suite gives up no request: no time-out, no end of a scenario cuts one.
[[nodiscard]] Json random_suite(Draw draw, bool is_patient);

}  // namespace lab::test
