#include "loader/prove/threshold_findings.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "loader/prove/proof_words.h"

namespace loader {
namespace {

// From one run to the next a value that nothing moves differs by less.
constexpr double kUnmovedShare = 0.01;
// So much further from the limit is no chance.
constexpr double kLoweredShare = 0.2;

bool is_of_duration(const MetricRegistry& registry, MetricId id) {
  const MetricInfo& info = registry.info(id);
  const std::string_view name = info.parent ? registry.info(*info.parent).name : info.name;
  return name == "http_req_duration" || name == "llm_response_time" ||
         name == "llm_time_to_first_token" || name == "http_req_waiting" ||
         name == "llm_time_to_first_response" || name == "http_req_receiving";
}

/// Judges one threshold.
class Judge {
 public:
  Judge(const TrialEvidence& evidence, std::size_t threshold)
      : evidence_(evidence),
        place_(threshold),
        threshold_(evidence.thresholds[threshold]),
        control_(evidence.control.of(threshold)),
        mutants_(evidence.mutants.of(threshold)) {}

  [[nodiscard]] ThresholdProof proof() {
    proof_.metric = threshold_.metric;
    proof_.expression = threshold_.expression.source;
    proof_.control_runs = control_.runs;
    proof_.control_red = control_.red;
    proof_.control_no_data = control_.no_data;
    proof_.control_red_interval = wilson_interval(control_.red, control_.runs);
    proof_.sound_worst = control_.worst;
    const bool is_mutant_worse =
        mutants_.worst && (!control_.worst || mutants_.worst_margin > control_.worst_margin);
    proof_.worst = is_mutant_worse ? mutants_.worst : control_.worst;
    if (is_mutant_worse) proof_.worst_mutant = mutants_.worst_run;
    count_kills();
    find_redundancy();
    judge();
    return std::move(proof_);
  }

 private:
  void judge() {
    if (control_.runs == 0) {
      conclude(ThresholdFinding::not_tried, "no run was made");
    } else if (control_.no_data == control_.runs) {
      conclude(ThresholdFinding::no_data, no_data_reason());
    } else if (control_.red > 0) {
      conclude(ThresholdFinding::hair_trigger, "red without any mutant in " +
                                                   std::to_string(control_.red) + " of " +
                                                   std::to_string(control_.runs) + " runs");
    } else if (const auto reason = certain_reason()) {
      conclude(ThresholdFinding::cannot_go_red, *reason);
    } else if (mutants_.red == 0 && !evidence_.has_all_families) {
      conclude(ThresholdFinding::not_tried, "no chosen family crosses it: " + value_reason());
    } else if (mutants_.red == 0) {
      conclude(ThresholdFinding::cannot_go_red, value_reason());
    }
  }
  void conclude(ThresholdFinding finding, std::string reason) {
    proof_.finding = finding;
    proof_.reason = std::move(reason);
  }

  [[nodiscard]] std::string no_data_reason() const {
    for (const std::string& warning : evidence_.impossible) {
      if (warning.find(threshold_.metric) != std::string::npos) return warning;
    }
    const std::string runs = std::to_string(control_.runs + mutants_.runs) + " runs";
    if (mutants_.no_data == mutants_.runs) return "no sample in any of " + runs;
    return "no sample without a mutant";
  }

  // What no run can change.
  [[nodiscard]] std::optional<std::string> certain_reason() const {
    const ThresholdExpression& expression = threshold_.expression;
    if (always_holds(expression, evidence_.registry.info(threshold_.id).type)) {
      return "holds for every value that it can have";
    }
    const double timeout = lab::to_milliseconds(evidence_.habits.timeout_max);
    const bool is_upper = expression.comparison == Comparison::less ||
                          expression.comparison == Comparison::less_equal;
    if (mutants_.red == 0 && is_upper && timeout > 0 && expression.limit >= timeout &&
        is_of_duration(evidence_.registry, threshold_.id)) {
      return "the limit is not below the time-out of the steps, " +
             lab::format_duration(evidence_.habits.timeout_max) + ", which ends what takes longer";
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string value_reason() const {
    const double low = std::min(control_.low.value_or(0), mutants_.low.value_or(0));
    const double high = std::max(control_.high.value_or(0), mutants_.high.value_or(0));
    if (high - low <= kUnmovedShare * std::max(std::abs(high), std::abs(low))) {
      return "no family moves its value, " + plain_number(high);
    }
    return "stays away from its limit: the nearest value is " +
           plain_number(proof_.worst.value_or(0)) +
           (proof_.worst_mutant.empty() ? "" : ", under " + proof_.worst_mutant);
  }

  void count_kills() {
    for (const FamilyTrialsResult& each : evidence_.families) {
      const FamilyProof& family = each.proof;
      if (!family.is_known()) continue;
      if (family.cells[place_].red_at_reference * 20 >= family.reference_runs * 19) ++proof_.kills;
      const bool is_worse = family.noticed > 0 || family.boundary.found > 0;
      // Of a size that some threshold notices, this one says that things are better.
      if (is_worse && each.severe_change[place_] < -kLoweredShare && is_trend_bound()) {
        proof_.lowered_by.push_back(family.name);
      }
    }
  }
  [[nodiscard]] bool is_trend_bound() const {
    return evidence_.registry.info(threshold_.id).type == MetricType::trend &&
           (threshold_.expression.comparison == Comparison::less ||
            threshold_.expression.comparison == Comparison::less_equal);
  }

  // Another one that is red whenever this one is, and in more runs; or in the same ones, and stands
  // before it.
  void find_redundancy() {
    if (mutants_.red == 0) return;
    for (std::size_t other = 0; other < evidence_.thresholds.size(); ++other) {
      if (other == place_ || mutants_.red_without[other] > 0) continue;
      const ThresholdTally& theirs = evidence_.mutants.of(other);
      if (evidence_.control.of(other).red > 0) continue;
      if (theirs.red > mutants_.red || (theirs.red == mutants_.red && other < place_)) {
        proof_.redundant_with = other;
        return;
      }
    }
  }

  const TrialEvidence& evidence_;
  std::size_t place_;
  const SuiteThreshold& threshold_;
  const ThresholdTally& control_;
  const ThresholdTally& mutants_;
  ThresholdProof proof_;
};

}  // namespace

std::vector<SuiteThreshold> thresholds_of(const Suite& suite) {
  std::vector<SuiteThreshold> all;
  for (const MetricThresholds& metric : suite.thresholds) {
    for (const Threshold& threshold : metric.thresholds) {
      all.push_back({suite.registry.info(metric.metric).name, metric.metric, threshold.expression});
    }
  }
  return all;
}

std::string full_name(const SuiteThreshold& threshold) {
  return threshold.metric + ": " + threshold.expression.source;
}

bool always_holds(const ThresholdExpression& expression, MetricType type) {
  const bool is_rate = type == MetricType::rate;
  // No metric of a run is negative but the drift, a gauge.
  const bool is_from_zero = is_rate || type == MetricType::trend || type == MetricType::counter;
  switch (expression.comparison) {
    case Comparison::greater_equal:
      return is_from_zero && expression.limit <= 0;
    case Comparison::greater:
      return is_from_zero && expression.limit < 0;
    case Comparison::less_equal:
      return is_rate && expression.limit >= 1;
    case Comparison::less:
      return is_rate && expression.limit > 1;
    case Comparison::not_equal:
      return is_from_zero && (expression.limit < 0 || (is_rate && expression.limit > 1));
    case Comparison::equal:
      return false;
  }
  return false;
}

std::vector<ThresholdProof> judge_thresholds(const TrialEvidence& evidence) {
  std::vector<ThresholdProof> proofs;
  for (std::size_t t = 0; t < evidence.thresholds.size(); ++t) {
    proofs.push_back(Judge(evidence, t).proof());
  }
  return proofs;
}

}  // namespace loader
