// The eleven families of the reference gateway, under its names and with its labels: what its
// dashboards and alerts ask for.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "mockgw/admin/gateway_view.h"

namespace mockgw {

/// Appends them under `view.metrics.prefix`; without fill_all only those four that the reference
/// gateway itself writes. Where the mock does not count by a label, the label says "all".
void add_reference_families(std::vector<prometheus::MetricFamily>& families,
                            const GatewayView& view);

}  // namespace mockgw
