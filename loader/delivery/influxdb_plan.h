// --out influxdb and --out xk6-influxdb: what k6's query keys and K6_INFLUXDB_… say, to where and
// how points are written.
#pragma once

#include <string>

#include "loader/delivery/delivery_target.h"
#include "loader/delivery/output_context.h"
#include "shared/base/error.h"

namespace loader {

/// InfluxDB 1: "http://user:password@host:8086/database?precision=ms". What the address says goes
/// before the variables; an empty one is http://localhost:8086, database k6.
[[nodiscard]] lab::Result<NetworkOutputPlan> plan_influxdb(const std::string& address,
                                                           const OutputContext& context);
/// InfluxDB 2 and what speaks its API: "http://host:8086/bucket"; organization and token are
/// variables, as in the extension of k6 whose name it has.
[[nodiscard]] lab::Result<NetworkOutputPlan> plan_influxdb2(const std::string& address,
                                                            const OutputContext& context);

}  // namespace loader
