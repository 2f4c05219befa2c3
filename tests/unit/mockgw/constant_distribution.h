// A distribution that is one value, for plans whose numbers tests foretell.
#pragma once

#include "shared/base/distribution.h"

namespace mockgw {

[[nodiscard]] inline lab::Distribution constant(double value) {
  return lab::Distribution::Kind(lab::Distribution::Constant{value});
}

}  // namespace mockgw
