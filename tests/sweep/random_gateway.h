// A random gateway file.
#pragma once

#include "shared/base/json_fwd.h"
#include "tests/sweep/draw.h"

namespace lab::test {

[[nodiscard]] Json random_gateway(Draw draw);

}  // namespace lab::test
