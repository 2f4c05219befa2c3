// How far a measured value is from what a threshold allows.
#pragma once

#include <optional>
#include <string>

#include "loader/summary/summary_data.h"

namespace loader {

/// "10.82s (72.1%)", of a rate "0.52 points"; negative where the limit is exceeded. A dash where
/// there is no distance: without samples, and of == and !=.
[[nodiscard]] std::string margin_text(const SummaryMetric& metric, const ThresholdResult& result,
                                      const std::string& time_unit);

/// What is said of a threshold that has no value: "no data" without samples. A file of k6 may have
/// its verdict alone: "passed; p(99) is not in the file".
[[nodiscard]] std::string missing_value_text(const ThresholdResult& result);

/// "p(95) 4.18s of 15s"; of a least value "rate 97.2%, at least 95%".
[[nodiscard]] std::string measured_text(const SummaryMetric& metric, const ThresholdResult& result,
                                        const std::string& time_unit);

/// How much of what is allowed is used up: 1 is the limit, more is beyond. None where that is no
/// share: without samples, of == and !=, of limits that are not positive.
[[nodiscard]] std::optional<double> used_share(const ThresholdResult& result);

}  // namespace loader
