// The runs of one family: at its reference size, and where it takes to be noticed, seed by seed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "loader/prove/mutant.h"
#include "loader/prove/proof.h"
#include "loader/prove/run_readings.h"
#include "loader/prove/threshold_tally.h"
#include "shared/base/error.h"

namespace loader {

/// How thorough to be.
struct TrialEffort {
  std::uint64_t seeds = 3;
  double tolerance = 0.01;            ///< Of a boundary, as a share of the family's range.
  std::size_t first_trials_max = 12;  ///< Runs of the first seed,
  std::size_t later_trials_max = 8;   ///< and of each other, which knows where to look.
  bool closes_in_on_all = true;       ///< On each threshold's boundary, not only the family's.

  [[nodiscard]] std::uint64_t runs_of_family() const;  ///< As a rule.
};

/// Runs a world with a seed, counted from 0. An Error is of a world that could not be started.
using RunWorld =
    std::function<lab::Result<RunReadings>(const MutantWorld& world, std::uint64_t seed)>;

struct FamilyTrialsResult {
  FamilyProof proof;                  ///< Without suggestions and command.
  ThresholdTallies tallies;           ///< Of all of its runs.
  ValueRanges reference;              ///< Of those at the reference size.
  std::vector<double> severe_change;  ///< By threshold: how its value moved, see below.
  std::uint64_t events = 0;
  double virtual_seconds = 0;
};

/// What a family is tried on.
struct TrialSite {
  const SoundWorld& sound;
  const SuiteHabits& habits;
  const std::vector<RunReadings>& control;  ///< By seed.
};

/// `name` is the family's with its window. Stops early, as not run, where `is_cancelled` says so.
/// severe_change is how far a threshold's value moves in the most severe run of the first seed, as
/// a share of the sound value: towards its limit, or away from it (negative); 0 without values, or
/// where less than a tenth of the requests fail.
[[nodiscard]] FamilyTrialsResult try_family(const MutantFamily& family, MutantWindow window,
                                            const TrialSite& site, const TrialEffort& effort,
                                            const RunWorld& run,
                                            const std::function<bool()>& is_cancelled);

/// The boundary of one seed, as a position: above `low`, at most `high`, near `estimate`. All are
/// infinite where nothing was noticed.
struct SeedBoundary {
  double low = 0;
  double high = 0;
  double estimate = 0;
};
/// The quantiles of boundaries of single seeds. Their intervals hold for the true ones: order
/// statistics of the low ends and of the high ends enclose those of what lies between.
[[nodiscard]] Boundary boundary_of(const MutantFamily& family,
                                   const std::vector<SeedBoundary>& seeds);

/// "status-500", "status-500@last-third".
[[nodiscard]] std::string mutant_name(const MutantFamily& family, MutantWindow window);

}  // namespace loader
