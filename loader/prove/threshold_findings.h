// What the runs say of each threshold: sound, a hair-trigger, without data, unable to go red,
// redundant; and why.
#pragma once

#include <string>
#include <vector>

#include "loader/prove/family_trials.h"
#include "loader/prove/proof.h"
#include "loader/prove/suite_habits.h"
#include "loader/prove/threshold_tally.h"
#include "loader/suite/suite.h"

namespace loader {

/// The thresholds of a suite in the order in which runs report them.
struct SuiteThreshold {
  std::string metric;
  MetricId id;
  ThresholdExpression expression;
};
[[nodiscard]] std::vector<SuiteThreshold> thresholds_of(const Suite& suite);
/// "http_req_failed: rate<0.05"
[[nodiscard]] std::string full_name(const SuiteThreshold& threshold);

/// True if it holds for every value that the metric's aggregation can have.
[[nodiscard]] bool always_holds(const ThresholdExpression& expression, MetricType type);

/// What is known when all runs are over.
struct TrialEvidence {
  const std::vector<SuiteThreshold>& thresholds;
  const MetricRegistry& registry;
  const SuiteHabits& habits;
  const ThresholdTallies& control;  ///< Of sound worlds, held-out ones included.
  const ThresholdTallies& mutants;
  const std::vector<FamilyTrialsResult>& families;
  /// Warnings of a reading of the suite: thresholds over what cannot occur, by metric.
  const std::vector<std::string>& impossible;
  bool has_all_families = true;
};

[[nodiscard]] std::vector<ThresholdProof> judge_thresholds(const TrialEvidence& evidence);

}  // namespace loader
