// What calls of an upstream come to, for the tests of circuit breakers.
#pragma once

#include "mockgw/breaker/circuit_breaker.h"

namespace mockgw {

inline constexpr CallOutcome kOk{};
inline constexpr CallOutcome kError{
    .kind = CallOutcome::Kind::response, .status = 500, .duration = {}};

}  // namespace mockgw
