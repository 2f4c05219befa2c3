#include "loader/run/level_judge.h"

#include <cassert>
#include <utility>

namespace loader {

LevelJudge::LevelJudge(const ScenarioFlow& scenario, const MetricRegistry& registry,
                       const TagTable& tags)
    : scenario_(scenario), registry_(registry), tags_(tags) {
  summary_.scenario = scenario.scenario.name;
  summary_.time_unit = std::get<SaturationSearch>(scenario.scenario.model).time_unit;
}

void LevelJudge::begin(std::string phase) {
  phase_ = std::move(phase);
  metrics_.emplace(registry_, tags_);
}

void LevelJudge::observe(const Sample& sample) {
  if (!metrics_ || tags_.find(sample.tags, "phase") != phase_) return;
  if (tags_.find(sample.tags, "scenario") != scenario_.scenario.name) return;
  metrics_->add(sample.metric, sample.value, sample.tags, sample.at);
}

bool LevelJudge::judge(const LevelEnd& level) {
  assert(metrics_);
  ThresholdReport report =
      evaluate_at_end(scenario_.search_thresholds, *metrics_, level.duration, NoDataPolicy::fail);
  metrics_.reset();
  const SearchLevel& judged =
      summary_.levels.emplace_back(SearchLevel{.rate = level.rate,
                                               .duration = level.duration,
                                               .iterations = level.counts.completed,
                                               .dropped = level.counts.dropped,
                                               .interrupted = level.counts.interrupted,
                                               .thresholds = std::move(report.metrics)});
  return judged.is_good();
}

}  // namespace loader
