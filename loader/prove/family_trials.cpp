#include "loader/prove/family_trials.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "loader/prove/boundary_search.h"

namespace loader {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kFailuresMin = 0.1;
constexpr double kNoSay = std::numeric_limits<double>::quiet_NaN();

// The alarms of a search: any, each threshold, and the end of the run for another reason.
AlarmMargins alarms_of(const RunReadings& readings, const RunReadings& control) {
  AlarmMargins margins{-kNever};
  for (std::size_t t = 0; t < readings.thresholds.size(); ++t) {
    // Red without the mutant says nothing of the mutant.
    const bool has_say = !control.thresholds[t].is_red;
    margins.push_back(has_say ? readings.thresholds[t].margin : kNoSay);
    if (has_say) margins[0] = std::max(margins[0], margins.back());
  }
  const bool is_new = readings.has_failed_otherwise && !control.has_failed_otherwise;
  margins.push_back(is_new ? kNever : -kNever);
  margins[0] = std::max(margins[0], margins.back());
  return margins;
}

/// The boundaries of all seeds, each end by itself, sorted.
struct SortedEnds {
  std::vector<double> lows;
  std::vector<double> highs;
  std::vector<double> estimates;

  explicit SortedEnds(const std::vector<SeedBoundary>& seeds) {
    for (const SeedBoundary& each : seeds) {
      lows.push_back(each.low);
      highs.push_back(each.high);
      estimates.push_back(each.estimate);
    }
    for (std::vector<double>* const ends : {&lows, &highs, &estimates}) {
      std::sort(ends->begin(), ends->end());
    }
  }
};

SizeEstimate estimate_of(const MutantFamily& family, const SortedEnds& ends, double quantile) {
  const auto size = [&family](std::optional<double> position) -> std::optional<double> {
    if (!position || !(*position <= 1)) return std::nullopt;
    return family.size_at(*position);
  };
  const QuantileInterval low = quantile_interval(ends.lows, quantile);
  SizeEstimate estimate;
  estimate.size = size(sample_quantile(ends.estimates, quantile));
  estimate.low = size(low.low);
  estimate.high = size(quantile_interval(ends.highs, quantile).high);
  estimate.confidence = low.confidence;
  return estimate;
}

// What lies between is known as far as the bracket is narrow; else the size that was noticed.
SeedBoundary seed_boundary(const AlarmBracket& bracket) {
  constexpr double kNarrow = 0.0101;
  if (!bracket.is_found()) return {kNever, kNever, kNever};
  const bool is_narrow = bracket.high - bracket.low <= kNarrow;
  return {bracket.low, bracket.high, is_narrow ? bracket.estimate : bracket.high};
}

// As a share of the sound value; above 0 towards red.
double change_of(const ThresholdReading& sound, const ThresholdReading& broken) {
  if (!sound.observed || !broken.observed || *sound.observed == 0) return 0;
  const double change = std::abs((*broken.observed - *sound.observed) / *sound.observed);
  return broken.margin < sound.margin ? -change : change;
}

/// One family in one window.
class Trials {
 public:
  Trials(const MutantFamily& family, MutantWindow window, const TrialSite& site,
         const TrialEffort& effort, const RunWorld& run)
      : family_(family),
        window_(window),
        site_(site),
        effort_(effort),
        run_(run),
        thresholds_(site.control.front().thresholds.size()),
        name_(mutant_name(family, window)),
        result_{.proof = {},
                .tallies = ThresholdTallies(thresholds_),
                .reference = {},
                .severe_change = std::vector<double>(thresholds_, 0.0)},
        boundaries_(thresholds_ + 1) {
    result_.proof.name = name_;
    result_.proof.family = family;
    result_.proof.window = window;
    result_.proof.cells.resize(thresholds_);
  }

  FamilyTrialsResult run(const std::function<bool()>& is_cancelled) {
    for (std::uint64_t seed = 0; seed < effort_.seeds; ++seed) {
      if (is_cancelled() || !try_seed(seed)) {
        if (result_.proof.not_run.empty()) result_.proof.not_run = "interrupted";
        return std::move(result_);
      }
    }
    conclude();
    return std::move(result_);
  }

 private:
  bool try_seed(std::uint64_t seed) {
    BoundarySearch search(settings(seed));
    search.add(0, alarms_of(site_.control[seed], site_.control[seed]));
    const double reference = family_.position_of(family_.reference);
    if (!try_at(search, seed, family_.has_size() ? reference : 1, true)) return false;
    if (family_.has_size()) {
      while (const auto position = search.next()) {
        if (!try_at(search, seed, *position, false)) return false;
      }
    }
    note(search);
    return true;
  }

  [[nodiscard]] BoundarySearch::Settings settings(std::uint64_t seed) const {
    BoundarySearch::Settings settings;
    settings.alarms = thresholds_ + 2;
    settings.tolerance = effort_.tolerance;
    settings.trials_max = seed == 0 ? effort_.first_trials_max : effort_.later_trials_max;
    settings.closes_in_on_all = effort_.closes_in_on_all;
    settings.nearest_possible = [this](double position) {
      return family_.position_of(family_.size_at(position));
    };
    settings.between = [this](double low, double high, double share) {
      return family_.position_between(low, high, share);
    };
    if (!boundaries_[0].empty() && boundaries_[0].back().estimate <= 1) {
      settings.hint = boundaries_[0].back().estimate;
    }
    return settings;
  }

  bool try_at(BoundarySearch& search, std::uint64_t seed, double position, bool is_reference) {
    const double size = is_reference ? family_.reference : family_.size_at(position);
    const auto world = make_mutant(site_.sound, family_, window_, size, site_.habits);
    if (!world) return fail(world.error());
    const auto readings = run_(*world, seed);
    if (!readings) return fail(readings.error());
    const std::string size_text = family_.size_text(size);
    result_.tallies.add(*readings, name_ + (size_text.empty() ? "" : " " + size_text));
    ++result_.proof.runs;
    result_.events += readings->events;
    result_.virtual_seconds += lab::to_seconds(readings->duration);
    search.add(position, alarms_of(*readings, site_.control[seed]));
    if (is_reference) note_reference(search, *readings, position);
    if (seed == 0) note_change(*readings, position);
    return true;
  }

  bool fail(const lab::Error& error) {
    result_.proof.not_run = error.to_string();
    return false;
  }

  void note_reference(const BoundarySearch& search, const RunReadings& readings, double position) {
    ++result_.proof.reference_runs;
    if (search.is_on_at(0, position)) ++result_.proof.noticed;
    if (search.is_on_at(thresholds_ + 1, position)) ++result_.proof.failed_otherwise;
    for (std::size_t t = 0; t < thresholds_; ++t) {
      if (search.is_on_at(t + 1, position)) ++result_.proof.cells[t].red_at_reference;
    }
    result_.reference.add(readings.values);
  }

  void note_change(const RunReadings& readings, double position) {
    if (position < worst_position_) return;
    worst_position_ = position;
    // Where nothing fails, it is no failures that lower a value.
    const auto failed = readings.values.find("http_req_failed: rate");
    const bool has_failures = failed != readings.values.end() && failed->second >= kFailuresMin;
    for (std::size_t t = 0; t < thresholds_; ++t) {
      const ThresholdReading& sound = site_.control.front().thresholds[t];
      const ThresholdReading& broken = readings.thresholds[t];
      result_.severe_change[t] = has_failures ? change_of(sound, broken) : 0;
    }
  }

  void note(const BoundarySearch& search) {
    for (std::size_t alarm = 0; alarm <= thresholds_; ++alarm) {
      boundaries_[alarm].push_back(seed_boundary(search.bracket(alarm)));
    }
    // The family is noticed where the first threshold notices it.
    SeedBoundary& any = boundaries_[0].back();
    for (std::size_t t = 1; t <= thresholds_; ++t) {
      const double estimate = boundaries_[t].back().estimate;
      if (estimate < any.estimate && estimate > any.low) any.estimate = estimate;
    }
    if (!search.is_monotone(0)) result_.proof.is_monotone = false;
  }

  void conclude() {
    FamilyProof& proof = result_.proof;
    proof.boundary = boundary_of(family_, boundaries_[0]);
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t t = 0; t < thresholds_; ++t) {
      proof.cells[t].boundary = boundary_of(family_, boundaries_[t + 1]);
      const double half = sample_quantile(SortedEnds(boundaries_[t + 1]).estimates, 0.5);
      if (half <= 1) order.emplace_back(half, t);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [position, threshold] : order) proof.notice_order.push_back(threshold);
  }

  const MutantFamily& family_;
  MutantWindow window_;
  TrialSite site_;
  const TrialEffort& effort_;
  const RunWorld& run_;
  std::size_t thresholds_;
  std::string name_;
  FamilyTrialsResult result_;
  /// By alarm (any, each threshold), the boundaries of the seeds so far.
  std::vector<std::vector<SeedBoundary>> boundaries_;
  double worst_position_ = -1;
};

}  // namespace

std::uint64_t TrialEffort::runs_of_family() const {
  const std::size_t first = closes_in_on_all ? first_trials_max * 3 / 4 : first_trials_max;
  const std::size_t later = closes_in_on_all ? later_trials_max * 3 / 4 : later_trials_max;
  return first + (seeds - 1) * later;
}

std::string mutant_name(const MutantFamily& family, MutantWindow window) {
  if (window == MutantWindow::whole) return family.name;
  return family.name + "@" + std::string(to_string(window));
}

Boundary boundary_of(const MutantFamily& family, const std::vector<SeedBoundary>& seeds) {
  const SortedEnds ends(seeds);
  Boundary boundary;
  boundary.seeds = seeds.size();
  for (const double position : ends.estimates) {
    if (position <= 1) boundary.sizes.push_back(family.size_at(position));
  }
  boundary.found = boundary.sizes.size();
  boundary.half = estimate_of(family, ends, 0.5);
  boundary.most = estimate_of(family, ends, 0.95);
  return boundary;
}

FamilyTrialsResult try_family(const MutantFamily& family, MutantWindow window,
                              const TrialSite& site, const TrialEffort& effort, const RunWorld& run,
                              const std::function<bool()>& is_cancelled) {
  return Trials(family, window, site, effort, run).run(is_cancelled);
}

}  // namespace loader
