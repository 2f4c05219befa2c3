// --out experimental-prometheus-rw: what K6_PROMETHEUS_RW_… say; as in k6, all of it is in
// variables.
#pragma once

#include <string>

#include "loader/delivery/delivery_target.h"
#include "loader/delivery/output_context.h"
#include "shared/base/error.h"

namespace loader {

/// An `argument` is an Error, as nobody would read it.
[[nodiscard]] lab::Result<NetworkOutputPlan> plan_remote_write(const std::string& argument,
                                                               const OutputContext& context);

}  // namespace loader
