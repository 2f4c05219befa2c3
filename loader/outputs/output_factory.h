// Makes the output that "--out KIND=ARGUMENT" asks for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "loader/outputs/sample_output.h"
#include "loader/thresholds/thresholds.h"

namespace loader {

/// What an output needs to know of the run; `registry` must outlive the output.
struct OutputContext {
  const MetricRegistry& registry;
  const ThresholdSet& thresholds;
  RunClock clock;
};

/// Opens "json=FILE" or "csv=FILE". The Error names the kinds there are, or why the file can't be
/// written.
[[nodiscard]] lab::Result<std::unique_ptr<SampleOutput>> make_output(std::string_view text,
                                                                     const OutputContext& context);

/// The file that such a text names; empty if it names none.
[[nodiscard]] std::string output_file(std::string_view text);

}  // namespace loader
