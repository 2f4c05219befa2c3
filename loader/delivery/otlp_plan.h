// --out opentelemetry: what K6_OTEL_… say. Metrics go over HTTP as protobuf.
#pragma once

#include <string>

#include "loader/delivery/delivery_target.h"
#include "loader/delivery/output_context.h"
#include "shared/base/error.h"

namespace loader {

/// An `argument` is an Error, as nobody would read it. Unlike k6, whose default is gRPC, it sends
/// over HTTP where no protocol is set; an explicit gRPC is an Error.
[[nodiscard]] lab::Result<NetworkOutputPlan> plan_otlp(const std::string& argument,
                                                       const OutputContext& context);

}  // namespace loader
