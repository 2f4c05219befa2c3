// --out json=FILE[.gz]: k6's newline-delimited JSON, a line a sample.
#pragma once

#include <string>
#include <vector>

#include "loader/outputs/output_file.h"
#include "loader/outputs/sample_output.h"
#include "loader/thresholds/thresholds.h"

namespace loader {

class JsonOutput final : public SampleOutput {
 public:
  /// `registry` must outlive it and be complete.
  JsonOutput(OutputFile file, const MetricRegistry& registry, ThresholdSet thresholds,
             RunClock clock);

  [[nodiscard]] std::string description() const override;
  lab::Result<void> write(std::span<const Sample> samples, const TagTable& tags) override;
  lab::Result<void> flush() override { return file_.flush(); }
  lab::Result<void> finish() override { return file_.close(); }

 private:
  [[nodiscard]] std::string metric_line(MetricId metric) const;

  OutputFile file_;
  const MetricRegistry* registry_;
  ThresholdSet thresholds_;
  RunClock clock_;
  std::vector<bool> is_introduced_;  ///< By metric: its "Metric" line is written.
};

}  // namespace loader
