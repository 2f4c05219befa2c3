#include "loader/prove/prover.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <numeric>
#include <set>
#include <utility>

#include "loader/prove/parallel.h"
#include "loader/prove/threshold_findings.h"
#include "loader/prove/threshold_suggestion.h"
#include "loader/world/simulation.h"

namespace loader {
namespace {

// Measured on a 2-core virtual machine; it is the proportions that matter.
constexpr double kSecondsPerEvent = 0.5e-6;
constexpr double kSecondsPerRequest = 10e-6;
constexpr double kSecondsPerRun = 1e-3;
constexpr double kCores = 2;
constexpr double kDefaultSeconds = 25;
// More is known better than it needs to be.
constexpr std::array<std::uint64_t, 8> kSeeds{40, 30, 20, 15, 10, 7, 5, 3};

/// A family in one window, to be tried; its reference size is the window's.
struct Trial {
  MutantFamily family;
  MutantWindow window;
};

std::vector<Trial> trials_of(const std::vector<MutantFamily>& families) {
  std::vector<Trial> trials;
  for (const MutantFamily& family : families) {
    trials.push_back({family, MutantWindow::whole});
    for (const FamilyWindow& window : family.windows) {
      trials.push_back({family, window.during});
      trials.back().family.reference = window.reference;
    }
  }
  return trials;
}

/// Counts runs for whoever watches, from all threads.
class ProgressCounter {
 public:
  explicit ProgressCounter(const ProofObserver& observer) : observer_(observer) {}

  void plan(std::uint64_t runs) {
    const std::lock_guard lock(mutex_);
    progress_.runs_planned = runs;
  }
  void count(const std::string& doing) {
    const std::lock_guard lock(mutex_);
    ++progress_.runs;
    progress_.runs_planned = std::max(progress_.runs_planned, progress_.runs);
    progress_.doing = doing;
    if (observer_.progress) observer_.progress(progress_);
  }

 private:
  const ProofObserver& observer_;
  std::mutex mutex_;
  ProofProgress progress_;
};

/// One proof.
class Proving {
 public:
  Proving(const ProofSubject& subject, const ProofPlan& plan, const ProofObserver& observer)
      : subject_(subject),
        plan_(plan),
        observer_(observer),
        counter_(observer),
        thresholds_(thresholds_of(subject.suite)),
        habits_(habits_of(subject.suite)),
        trials_(trials_of(plan.families)) {}

  lab::Result<Proof> prove() {
    start_proof();
    const auto first = run_sound(0);
    if (!first && is_interrupted()) return interrupted();
    if (!first) return first.error();
    habits_.duration = std::min(habits_.duration, first->duration);
    habits_.requests = first->requests;
    proof_.suite_seconds = lab::to_seconds(habits_.duration);
    find_not_asked();
    if (const auto sound = check_mutants(); !sound) return sound.error();
    effort_ = effort_for(cost_of_run(*first), asked_.size(), plan_);
    const std::string problem = budget_problem(cost_of_run(*first), asked_.size(), plan_, effort_);
    if (!problem.empty() && observer_.warn) observer_.warn(problem);
    proof_.seeds = effort_.seeds;
    counter_.plan(2 * effort_.seeds + asked_.size() * effort_.runs_of_family());
    const auto controlled = run_control(*first);
    if (!controlled && is_interrupted()) return interrupted();
    if (!controlled) return controlled.error();
    run_trials();
    conclude();
    return std::move(proof_);
  }

 private:
  [[nodiscard]] bool is_interrupted() const {
    return observer_.is_interrupted && observer_.is_interrupted();
  }

  /// Before any mutant was tried: the thresholds and families by name.
  lab::Result<Proof> interrupted() {
    if (results_.empty()) find_not_asked();
    for (FamilyTrialsResult& result : results_) result.proof.not_run = "interrupted";
    conclude();
    return std::move(proof_);
  }

  void start_proof() {
    proof_.suite = subject_.suite.name;
    proof_.gateway = subject_.gateway_name;
    proof_.network = subject_.network_name;
    proof_.seed = subject_.spec.seed;
    proof_.min_score = plan_.min_score;
    proof_.has_all_families = plan_.has_all_families;
  }

  lab::Result<RunReadings> run_sound(std::uint64_t seed) {
    auto readings = run_in_world(subject_, {subject_.sound.gateway, subject_.sound.network},
                                 subject_.spec.seed + seed, observer_.is_interrupted);
    counter_.count("without a mutant");
    return readings;
  }

  void find_not_asked() {
    results_.clear();
    for (std::size_t i = 0; i < trials_.size(); ++i) {
      const Trial& trial = trials_[i];
      FamilyTrialsResult& result =
          results_.emplace_back(FamilyTrialsResult{.proof = {},
                                                   .tallies = ThresholdTallies(thresholds_.size()),
                                                   .reference = {},
                                                   .severe_change = {}});
      result.proof.name = mutant_name(trial.family, trial.window);
      result.proof.family = trial.family;
      result.proof.window = trial.window;
      const auto why = why_not_asked(trial.family, trial.window, habits_);
      result.proof.not_asked = why.value_or("");
      if (!why) asked_.push_back(i);
    }
  }

  /// Starts each mutant's world at its sizes, without running it: a mistake in one is told before
  /// the others take their time.
  lab::Result<void> check_mutants() {
    for (const std::size_t place : asked_) {
      const Trial& trial = trials_[place];
      std::vector<double> sizes = trial.family.range;
      sizes.push_back(trial.family.reference);
      for (const double size : sizes) {
        const auto started = start_world(trial, size);
        if (started) continue;
        const std::string text = trial.family.size_text(size);
        return lab::Error{"family " + mutant_name(trial.family, trial.window) +
                              (text.empty() ? "" : " at " + text),
                          "what its patch makes of " + started.error().to_string()};
      }
    }
    return {};
  }

  [[nodiscard]] lab::Result<void> start_world(const Trial& trial, double size) const {
    const auto world = make_mutant(subject_.sound, trial.family, trial.window, size, habits_);
    if (!world) return world.error();
    auto network = network_model(*world, "the network");
    if (!network) return network.error();
    Simulation simulation(subject_.spec.seed, *std::move(network));
    return simulation.start(subject_.spec, gateway_text(*world, subject_.sound.gateway_file));
  }

  /// As many held-out seeds as others.
  lab::Result<void> run_control(const RunReadings& first) {
    std::vector<lab::Result<RunReadings>> runs(2 * effort_.seeds, first);
    for_each_in_parallel(runs.size() - 1, plan_.threads,
                         [&](std::size_t i) { runs[i + 1] = run_sound(i + 1); });
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (!runs[i]) return runs[i].error();
      const RunReadings& readings = *runs[i];
      count(readings.events, lab::to_seconds(readings.duration), 1);
      control_tallies_.add(readings, "");
      (i < effort_.seeds ? sound_values_ : held_out_values_).add(readings.values);
      if (i < effort_.seeds) control_.push_back(readings);
    }
    return {};
  }

  void run_trials() {
    const TrialSite site{subject_.sound, habits_, control_};
    for_each_in_parallel(asked_.size(), plan_.threads, [&](std::size_t i) {
      const Trial& trial = trials_[asked_[i]];
      const std::string name = mutant_name(trial.family, trial.window);
      const RunWorld run = [&](const MutantWorld& world, std::uint64_t seed) {
        auto readings =
            run_in_world(subject_, world, subject_.spec.seed + seed, observer_.is_interrupted);
        counter_.count(name);
        return readings;
      };
      results_[asked_[i]] = try_family(trial.family, trial.window, site, effort_, run,
                                       [this] { return is_interrupted(); });
    });
  }

  void count(std::uint64_t events, double seconds, std::uint64_t runs) {
    proof_.events += events;
    proof_.virtual_seconds += seconds;
    proof_.runs += runs;
  }

  void conclude() {
    proof_.is_interrupted = is_interrupted();
    for (FamilyTrialsResult& result : results_) {
      if (!result.proof.is_asked()) continue;
      if (!result.proof.not_run.empty() && !proof_.is_interrupted) {
        proof_.errors.push_back(result.proof.name + ": " + result.proof.not_run);
      }
      count(result.events, result.virtual_seconds, result.proof.runs);
      mutant_tallies_.merge(result.tallies);
      if (result.proof.is_survivor()) {
        result.proof.suggestions = suggest_thresholds(subject_.suite.registry, sound_values_,
                                                      held_out_values_, result.reference);
      }
    }
    proof_.thresholds = judge_thresholds({.thresholds = thresholds_,
                                          .registry = subject_.suite.registry,
                                          .habits = habits_,
                                          .control = control_tallies_,
                                          .mutants = mutant_tallies_,
                                          .families = results_,
                                          .impossible = subject_.impossible,
                                          .has_all_families = plan_.has_all_families});
    for (FamilyTrialsResult& result : results_) proof_.families.push_back(std::move(result.proof));
  }

  const ProofSubject& subject_;
  const ProofPlan& plan_;
  const ProofObserver& observer_;
  ProgressCounter counter_;
  std::vector<SuiteThreshold> thresholds_;
  SuiteHabits habits_;
  std::vector<Trial> trials_;
  std::vector<std::size_t> asked_;  ///< Places in trials_.
  TrialEffort effort_;
  std::vector<RunReadings> control_;  ///< By seed.
  ThresholdTallies control_tallies_{thresholds_.size()};
  ThresholdTallies mutant_tallies_{thresholds_.size()};
  ValueRanges sound_values_;
  ValueRanges held_out_values_;
  std::vector<FamilyTrialsResult> results_;  ///< As trials_.
  Proof proof_;
};

double runs_of(const TrialEffort& effort, std::size_t families) {
  return static_cast<double>(2 * effort.seeds + families * effort.runs_of_family());
}

std::set<std::string> model_tags(const Suite& suite) {
  const SuiteHabits habits = habits_of(suite);
  if (habits.models.size() < 2) return {};
  return {habits.models.begin(), habits.models.end()};
}

}  // namespace

void observe_for_proof(Suite& suite) {
  suite.options.summary_trend_stats = {"avg", "min", "med", "max", "p(95)", "p(99)"};
  for (const std::string& model : model_tags(suite)) {
    for (const char* metric : {"http_req_failed", "http_req_duration", "llm_success_rate"}) {
      // One whose name a reference cannot have is not observed by itself.
      (void)suite.registry.declare_reference(std::string(metric) + "{model:" + model + "}");
    }
  }
}

double cost_of_run(const RunReadings& readings) {
  return kSecondsPerRun + kSecondsPerEvent * static_cast<double>(readings.events) +
         kSecondsPerRequest * readings.requests;
}

TrialEffort effort_for(double cost, std::size_t families, const ProofPlan& plan) {
  const double seconds =
      plan.budget ? lab::to_seconds(*plan.budget) * kCores : kDefaultSeconds * kCores;
  const auto effort_of = [](std::uint64_t seeds) {
    TrialEffort effort{.seeds = seeds};
    if (seeds > 5) return effort;
    return TrialEffort{.seeds = seeds,
                       .tolerance = 0.02,
                       .first_trials_max = 6,
                       .later_trials_max = 3,
                       .closes_in_on_all = false};
  };
  if (plan.seeds) {
    const bool is_affordable =
        cost * static_cast<double>(families * effort_of(40).runs_of_family()) < seconds;
    TrialEffort effort =
        effort_of(is_affordable ? std::max<std::uint64_t>(*plan.seeds, 6) : *plan.seeds);
    effort.seeds = *plan.seeds;
    return effort;
  }
  for (const std::uint64_t seeds : kSeeds) {
    const TrialEffort effort = effort_of(seeds);
    if (runs_of(effort, families) * cost <= seconds) return effort;
  }
  return effort_of(kSeeds.back());
}

std::string budget_problem(double cost, std::size_t families, const ProofPlan& plan,
                           const TrialEffort& effort) {
  if (!plan.budget) return {};
  const lab::Duration needed =
      lab::from_seconds(std::max(1.0, std::round(runs_of(effort, families) * cost / kCores)));
  if (needed <= *plan.budget) return {};
  return "--budget " + lab::format_duration(*plan.budget) + " can't be kept: with " +
         std::to_string(effort.seeds) + " seeds" + (plan.seeds ? "" : ", the least there are,") +
         " it takes about " + lab::format_duration(needed) + " on two cores";
}

lab::Result<RunReadings> run_in_world(const ProofSubject& subject, const MutantWorld& world,
                                      std::uint64_t seed,
                                      const std::function<bool()>& is_interrupted) {
  auto network = network_model(world, subject.network_name);
  if (!network) return network.error();
  RunSpec spec = subject.spec;
  spec.seed = seed;
  Simulation simulation(seed, *std::move(network));
  RunObserver observer;
  observer.is_interrupted = is_interrupted;
  const auto result = simulation.run(subject.suite, spec,
                                     gateway_text(world, subject.sound.gateway_file), observer);
  if (!result) return result.error();
  if (result->exit_code == ExitCode::interrupted) return lab::Error{{}, "interrupted"};
  return read_run(*result, subject.suite.thresholds);
}

lab::Result<Proof> prove(const ProofSubject& subject, const ProofPlan& plan,
                         const ProofObserver& observer) {
  return Proving(subject, plan, observer).prove();
}

}  // namespace loader
