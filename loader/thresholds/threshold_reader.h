// The "thresholds" member of a suite's options.
#pragma once

#include <cstdint>

#include "loader/metrics/metric_registry.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/json_reader.h"
#include "shared/base/value_type.h"

namespace loader {

/// What becomes of a threshold over no metric, or of an expression that is none.
enum class WrongThresholds : std::uint8_t { are_problems, are_left_out };

/// {"metric or metric{tag:value}": ["expression", {"threshold", "abortOnFail", "delayAbortEval"}]};
/// declares the sub-metrics in `registry`, so the suite's own metrics must be declared before.
/// Problems are recorded with their paths; those of JSON's form in any case.
[[nodiscard]] ThresholdSet read_thresholds(const lab::JsonValue& value, MetricRegistry& registry,
                                           WrongThresholds wrong = WrongThresholds::are_problems);

[[nodiscard]] lab::Json thresholds_schema(lab::SchemaPrinter& printer);

}  // namespace loader
