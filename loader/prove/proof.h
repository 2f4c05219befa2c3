// What proving a suite has come to, as plain values: the one source of all its reports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loader/prove/intervals.h"
#include "loader/prove/mutant_family.h"

namespace loader {

/// From which size on something is noticed: a quantile of the boundaries of single seeds.
struct SizeEstimate {
  std::optional<double> size;  ///< None: not within the family's range.
  std::optional<double> low;   ///< The milder end of its interval; none: not known.
  std::optional<double> high;  ///< The more severe end.
  double confidence = 0;       ///< Of the interval, 0..1.
};
struct Boundary {
  std::uint64_t seeds = 0;
  std::uint64_t found = 0;    ///< Seeds in which the most severe size is noticed, or a milder one.
  std::vector<double> sizes;  ///< Where each of these is noticed, the milder first.
  SizeEstimate half;          ///< The smallest size noticed in half of the seeds,
  SizeEstimate most;          ///< and in 95 % of them.
};

/// A family against one threshold.
struct ProofCell {
  std::uint64_t red_at_reference = 0;  ///< Runs.
  Boundary boundary;
};

/// A threshold that would have noticed a family.
struct SuggestedThreshold {
  std::string metric;
  std::string expression;
  double sound_low = 0;  ///< What was measured without any mutant, held-out seeds included;
  double sound_high = 0;
  double mutant_low = 0;  ///< and with this one, at its reference size.
  double mutant_high = 0;
  std::uint64_t control_runs = 0;  ///< In none of which it is red.
};

/// A family in one window.
struct FamilyProof {
  std::string name;  ///< "status-500", "status-500@last-third".
  MutantFamily family;
  MutantWindow window = MutantWindow::whole;
  std::string not_asked;  ///< Why the suite need not notice it; empty: it should.
  std::string not_run;    ///< Why nothing is known; empty: it was run.
  std::uint64_t runs = 0;
  std::uint64_t reference_runs = 0;
  std::uint64_t noticed = 0;           ///< Of these.
  std::uint64_t failed_otherwise = 0;  ///< Of these: the run ended with an error of its own.
  Boundary boundary;
  std::vector<ProofCell> cells;           ///< By threshold.
  std::vector<std::size_t> notice_order;  ///< The thresholds that notice it, the earliest first.
  bool is_monotone = true;                ///< False: noticed at a size, and not at a larger one.
  std::vector<SuggestedThreshold> suggestions;  ///< Of a survivor.
  std::string command;                          ///< That repeats it at its reference size.

  [[nodiscard]] bool is_asked() const { return not_asked.empty(); }
  [[nodiscard]] bool is_known() const { return is_asked() && not_run.empty(); }
  /// In 95 % of the runs at the reference size.
  [[nodiscard]] bool is_noticed() const {
    return reference_runs > 0 && noticed * 20 >= reference_runs * 19;
  }
  [[nodiscard]] bool is_survivor() const { return is_known() && !is_noticed(); }
};

/// Whether a threshold can do what it is there for.
enum class ThresholdFinding : std::uint8_t {
  sound,
  no_data,        ///< It has no samples without a mutant.
  cannot_go_red,  ///< No run has crossed it.
  hair_trigger,   ///< Red without a mutant in some of the seeds.
  not_tried,      ///< Green in all runs, but not all families were chosen.
};

struct ThresholdProof {
  std::string metric;
  std::string expression;
  ThresholdFinding finding = ThresholdFinding::sound;
  std::string reason;  ///< A sentence, of all but the sound ones.
  std::uint64_t control_runs = 0;
  std::uint64_t control_red = 0;
  std::uint64_t control_no_data = 0;
  Interval control_red_interval;  ///< Of the probability of red without a mutant.
  /// The values nearest to red, or furthest beyond: without a mutant, and with any.
  std::optional<double> sound_worst;
  std::optional<double> worst;
  std::string worst_mutant;  ///< "latency 30s"; empty: without one.
  /// Families that it notices at their reference size.
  std::uint64_t kills = 0;
  /// The place of a threshold that is red whenever this one is; none: there is no such.
  std::optional<std::size_t> redundant_with;
  /// Families under which its value moves away from the limit though things get worse.
  std::vector<std::string> lowered_by;
};

/// A proof of a suite.
struct Proof {
  std::string suite;
  std::string gateway;
  std::string network;
  std::uint64_t seed = 0;   ///< Of the first control run; the others count up from it.
  std::uint64_t seeds = 0;  ///< Runs of each mutant.
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  double virtual_seconds = 0;  ///< Of all runs together.
  double suite_seconds = 0;    ///< Of the suite, as far as mutants go by it.
  std::vector<ThresholdProof> thresholds;
  std::vector<FamilyProof> families;
  bool is_interrupted = false;
  std::vector<std::string> errors;  ///< Mutants that could not be made or run.
  double min_score = 0;             ///< 0..100.
  bool has_all_families = true;     ///< None was left out by choice.

  [[nodiscard]] std::uint64_t asked() const;    ///< Families that were run.
  [[nodiscard]] std::uint64_t noticed() const;  ///< Of these.
  /// 0..100; none if nothing was run.
  [[nodiscard]] std::optional<double> score() const;
  /// No threshold that cannot go red, no hair-trigger, and the score that was asked for.
  [[nodiscard]] bool holds() const;
};

/// Survivors, the worst first: those that fewer runs notice before others, then as in the
/// catalogue.
[[nodiscard]] std::vector<const FamilyProof*> survivors(const Proof& proof);

}  // namespace loader
