// Times of tests that begin at zero.
#pragma once

#include "shared/base/time.h"

namespace lab::test {

[[nodiscard]] inline TimePoint at(Duration since_start) { return TimePoint(since_start); }

}  // namespace lab::test
