// --out json=FILE[.gz]: k6's newline-delimited JSON, a line a sample.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/outputs/file_output.h"
#include "loader/thresholds/thresholds.h"

namespace loader {

class JsonFormat final : public SampleFormat {
 public:
  /// `registry` must outlive it and be complete.
  JsonFormat(const MetricRegistry& registry, ThresholdSet thresholds, RunClock clock);

  [[nodiscard]] std::string tags_text(const TagTexts& tags) const override;
  void append_end(std::string& out, std::string_view metadata) const override;
  void append_begin(std::string& out, const HandedSample& sample) override;

 private:
  [[nodiscard]] std::string metric_line(MetricId metric) const;

  const MetricRegistry* registry_;
  ThresholdSet thresholds_;
  RunClock clock_;
  std::vector<std::string> heads_;  ///< By metric: how its lines begin; empty: not introduced yet.
  // The samples of a request come one after the other at one time.
  std::optional<lab::TimePoint> last_at_;
  std::string time_;  ///< Of last_at_, up to the value.
};

}  // namespace loader
