// Judges the levels of one saturation search by the samples of each level alone.
#pragma once

#include <optional>
#include <string>

#include "loader/metrics/metrics.h"
#include "loader/metrics/tags.h"
#include "loader/scenarios/scenario_core.h"
#include "loader/suite/suite.h"
#include "loader/summary/summary_data.h"

namespace loader {

/// A level is good if it breaks no threshold of the search, no iteration was dropped for want of
/// virtual users, and none had to be interrupted: what never ended has no samples, so a level full
/// of such iterations would look better than it is.
class LevelJudge {
 public:
  /// All of them outlive it; `scenario` is a saturation-search, `tags` the table of its samples.
  LevelJudge(const ScenarioFlow& scenario, const MetricRegistry& registry, const TagTable& tags);

  /// What was measured so far is forgotten.
  void begin(std::string phase);
  /// Takes the sample if it is of the level under way.
  void observe(const Sample& sample);
  /// The verdict on the level, which becomes part of the summary.
  [[nodiscard]] bool judge(const LevelEnd& level);

  /// `is_over` is left to who knows it.
  [[nodiscard]] const SearchSummary& summary() const { return summary_; }

 private:
  const ScenarioFlow& scenario_;
  const MetricRegistry& registry_;
  const TagTable& tags_;
  std::string phase_;
  std::optional<Metrics> metrics_;  ///< Of the level under way.
  SearchSummary summary_;
};

}  // namespace loader
