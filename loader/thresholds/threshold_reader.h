// The "thresholds" member of a suite's options.
#pragma once

#include "loader/metrics/metric_registry.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/json_reader.h"
#include "shared/base/value_type.h"

namespace loader {

/// {"metric or metric{tag:value}": ["expression", {"threshold", "abortOnFail", "delayAbortEval"}]};
/// declares the sub-metrics in `registry`, so the suite's own metrics must be declared before.
/// Problems are recorded with their paths.
[[nodiscard]] ThresholdSet read_thresholds(const lab::JsonValue& value, MetricRegistry& registry);

[[nodiscard]] lab::Json thresholds_schema(lab::SchemaPrinter& printer);

}  // namespace loader
