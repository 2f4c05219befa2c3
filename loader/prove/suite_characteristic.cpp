#include "loader/prove/suite_characteristic.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "loader/thresholds/thresholds.h"

namespace loader {
namespace {

constexpr double kSecondsWanted = 50;
constexpr std::uint64_t kSeedsMin = 5;
constexpr std::uint64_t kSeedsMax = 100;

// A suite whose scenarios are all so much longer or shorter, with the one threshold.
lab::Result<Suite> stretched(Suite suite, double factor, const ThresholdText& threshold) {
  suite.thresholds.clear();
  const auto added =
      add_threshold(suite.thresholds, suite.registry, threshold.metric, threshold.expression);
  if (!added) return lab::Error{"--oc", added.error().to_string()};
  for (ScenarioFlow& each : suite.scenarios) {
    Scenario& scenario = each.scenario;
    scenario = lengthened(std::move(scenario), factor);
  }
  for (Scenario& scenario : suite.options.scenarios) {
    scenario = lengthened(std::move(scenario), factor);
  }
  return suite;
}

/// Answers one question.
class CharacteristicRuns {
 public:
  CharacteristicRuns(const ProofSubject& subject, const CharacteristicQuestion& question,
                     const ProofObserver& observer)
      : subject_(subject), question_(question), observer_(observer) {}

  lab::Result<OperatingCharacteristic> answer() {
    for (const double factor : kCharacteristicLengths) {
      auto suite = stretched(subject_.suite, factor, question_.threshold);
      if (!suite) return suite.error();
      suites_.push_back(*std::move(suite));
    }
    const auto one = run({subject_.sound.gateway, subject_.sound.network}, kSuiteLength, 0);
    if (!one) return one.error();
    CharacteristicPlan plan = make_plan(*one);
    runs_planned_ = plan.seeds * plan.lengths * kCharacteristicSizes;
    const RunOfSize run_of_size = [this](double size, std::size_t length, std::uint64_t seed) {
      return run_size(size, length, seed);
    };
    auto found = operating_characteristic(plan, question_.family, run_of_size,
                                          [this] { return is_interrupted(); });
    if (!found) return found.error();
    const bool has_values =
        std::any_of(found->rows.begin(), found->rows.end(),
                    [](const CharacteristicRow& row) { return row.value.has_value(); });
    if (!has_values && !found->is_interrupted) {
      return lab::Error{"--oc", question_.threshold.metric + " has no samples in any run"};
    }
    found->suite = subject_.suite.name;
    found->threshold = question_.threshold;
    found->seed = subject_.spec.seed;
    return found;
  }

 private:
  static constexpr std::size_t kSuiteLength = 2;
  static_assert(kCharacteristicLengths[kSuiteLength] == 1);

  [[nodiscard]] bool is_interrupted() const {
    return observer_.is_interrupted && observer_.is_interrupted();
  }

  [[nodiscard]] CharacteristicPlan make_plan(const RunReadings& one) const {
    const MetricThresholds& threshold = suites_.front().thresholds.front();
    CharacteristicPlan plan;
    plan.variation = question_.variation;
    plan.threads = question_.threads;
    plan.expression = threshold.thresholds.front().expression;
    plan.is_rate = suites_.front().registry.info(threshold.metric).type == MetricType::rate;
    const double seconds =
        question_.budget ? 2 * lab::to_seconds(*question_.budget) : kSecondsWanted;
    plan.lengths = std::size(kCharacteristicLengths);
    while (plan.lengths > kSuiteLength + 1 &&
           cost_of_seed(one, plan.lengths) * static_cast<double>(kSeedsMin) > seconds) {
      --plan.lengths;
    }
    const auto affordable = static_cast<std::uint64_t>(seconds / cost_of_seed(one, plan.lengths));
    plan.seeds = question_.seeds.value_or(std::clamp(affordable, kSeedsMin, kSeedsMax));
    return plan;
  }

  static double cost_of_seed(const RunReadings& one, std::size_t lengths) {
    double factors = 0;
    for (std::size_t i = 0; i < lengths; ++i) factors += kCharacteristicLengths[i];
    return factors * cost_of_run(one) * kCharacteristicSizes;
  }

  lab::Result<RunReadings> run_size(double size, std::size_t length, std::uint64_t seed) {
    SuiteHabits habits = habits_of(suites_[length]);
    const auto world =
        make_mutant(subject_.sound, question_.family, MutantWindow::whole, size, habits);
    if (!world) return world.error();
    auto readings = run(*world, length, seed);
    if (readings || is_interrupted()) return readings;
    return lab::Error{"--vary", question_.family.name + " at " + question_.family.size_text(size) +
                                    ": what its patch makes of " + readings.error().to_string()};
  }

  lab::Result<RunReadings> run(const MutantWorld& world, std::size_t length, std::uint64_t seed) {
    const ProofSubject stretched_subject{.suite = suites_[length],
                                         .spec = subject_.spec,
                                         .sound = subject_.sound,
                                         .gateway_name = subject_.gateway_name,
                                         .network_name = subject_.network_name,
                                         .impossible = {}};
    auto readings =
        run_in_world(stretched_subject, world, subject_.spec.seed + seed, observer_.is_interrupted);
    const std::lock_guard lock(mutex_);
    ++runs_;
    if (observer_.progress) {
      observer_.progress({question_.family.name, runs_, std::max(runs_, runs_planned_)});
    }
    return readings;
  }

  const ProofSubject& subject_;
  const CharacteristicQuestion& question_;
  const ProofObserver& observer_;
  std::vector<Suite> suites_;  ///< By length.
  std::mutex mutex_;
  std::uint64_t runs_ = 0;
  std::uint64_t runs_planned_ = 0;
};

}  // namespace

lab::Result<OperatingCharacteristic> characteristic_of(const ProofSubject& subject,
                                                       const CharacteristicQuestion& question,
                                                       const ProofObserver& observer) {
  return CharacteristicRuns(subject, question, observer).answer();
}

}  // namespace loader
