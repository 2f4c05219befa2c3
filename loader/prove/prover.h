// Puts the thresholds of a suite to proof: runs it in virtual time against many broken gateways.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "loader/prove/family_trials.h"
#include "loader/prove/mutant.h"
#include "loader/prove/proof.h"
#include "loader/run/run.h"
#include "loader/suite/suite.h"
#include "shared/base/time.h"

namespace loader {

/// What is put to proof. All of it is read by several threads at once, and does not change.
struct ProofSubject {
  const Suite& suite;  ///< Made ready by observe_for_proof().
  RunSpec spec;        ///< Its seed is that of the first run.
  SoundWorld sound;
  std::string gateway_name;
  std::string network_name;
  std::vector<std::string> impossible;  ///< See TrialEvidence.
};

struct ProofPlan {
  std::vector<MutantFamily> families;
  bool has_all_families = true;          ///< None was left out by choice.
  std::optional<std::uint64_t> seeds{};  ///< None: as many as the budget allows.
  /// What the runs may take on two cores, by an estimate from the events of a run, so that it gives
  /// the same plan everywhere; none: see effort_for().
  std::optional<lab::Duration> budget{};
  unsigned threads = 1;
  double min_score = 0;
};

struct ProofProgress {
  std::string doing;  ///< "control", a family.
  std::uint64_t runs = 0;
  std::uint64_t runs_planned = 0;  ///< About.
};
struct ProofObserver {
  std::function<void(const ProofProgress&)> progress;  ///< From any thread, one at a time.
  std::function<bool()> is_interrupted;                ///< Asked from any thread.
  std::function<void(const std::string&)> warn{};      ///< Before the mutants run.
};

/// Lets a suite's runs measure what thresholds can be suggested from: the statistics, and each
/// model by itself. Changes nothing that happens.
void observe_for_proof(Suite& suite);

/// What one run may cost in seconds, on a machine that others are compared with.
[[nodiscard]] double cost_of_run(const RunReadings& readings);
/// How thorough proving can be for so many families if a run costs so much. Without a budget: about
/// 25 s of two cores, or the least that says anything, three seeds.
[[nodiscard]] TrialEffort effort_for(double cost_of_run, std::size_t families,
                                     const ProofPlan& plan);

/// What the user is to know if the plan's budget buys less than `effort`; empty: it is enough.
[[nodiscard]] std::string budget_problem(double cost_of_run, std::size_t families,
                                         const ProofPlan& plan, const TrialEffort& effort);

/// One run in a world of its own.
[[nodiscard]] lab::Result<RunReadings> run_in_world(const ProofSubject& subject,
                                                    const MutantWorld& world, std::uint64_t seed,
                                                    const std::function<bool()>& is_interrupted);

/// The same subject and plan give the same proof, however many threads there are. The Error is of a
/// sound world that cannot be run.
[[nodiscard]] lab::Result<Proof> prove(const ProofSubject& subject, const ProofPlan& plan,
                                       const ProofObserver& observer);

}  // namespace loader
