// GET /metrics: a gateway's counts as Prometheus knows them.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "mockgw/admin/gateway_view.h"

namespace mockgw {

/// The content type of the text format (Prometheus, "Exposition formats").
inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/// Made when somebody asks, so that nobody pays for what nobody reads. In a fixed order.
[[nodiscard]] std::vector<prometheus::MetricFamily> metric_families(const GatewayView& view);
[[nodiscard]] std::string metrics_text(const GatewayView& view);

}  // namespace mockgw
