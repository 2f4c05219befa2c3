#include "loader/compare/comparison.h"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <utility>

#include "loader/compare/compared_parts.h"
#include "loader/compare/joint_intervals.h"
#include "loader/compare/resampling.h"
#include "loader/compare/run_blocks.h"
#include "loader/compare/run_differences.h"
#include "loader/compare/run_figures.h"
#include "shared/base/rng.h"

namespace loader {
namespace {

bool is_of_users(Measure measure) {
  return measure == Measure::iterations_per_second || measure == Measure::dropped;
}

// Ratios are judged by their logarithms, where up and down are alike.
double scaled(MeasureUnit unit, double a, double b) {
  return unit == MeasureUnit::share ? b - a : std::log(b / a);
}
double unscaled(MeasureUnit unit, double change) {
  return unit == MeasureUnit::share ? change : std::expm1(change);
}

// Of a share of which one has seen `hits` in `trials`, with two of each more (Agresti and Caffo
// 2000): none of a hundred does not say never.
double share_variance(double hits, double trials) {
  const double share = (hits + 1) / (trials + 2);
  return share * (1 - share) / (trials + 2);
}

ChangeVerdict verdict_of(const FigureChange& figure, const CompareSettings& settings) {
  const MeasureUnit unit = info_of(figure.measure).unit;
  const bool is_up = figure.interval->low > 0;
  const bool is_down = figure.interval->high < 0;
  const bool is_sure = is_up || is_down;
  const bool is_large = std::abs(figure.change) >= settings.margins[place_of(figure.measure)];
  const bool is_long = unit != MeasureUnit::milliseconds ||
                       std::abs(figure.b - figure.a) >= lab::to_milliseconds(settings.min_change);
  if (!is_sure || !is_large || !is_long) return ChangeVerdict::alike;
  const bool is_worse = unit == MeasureUnit::per_second ? is_down : is_up;
  return is_worse ? ChangeVerdict::worse : ChangeVerdict::better;
}

FigureChange change_of(Measure measure, const std::string& part, double a, double b) {
  const bool is_share = info_of(measure).unit == MeasureUnit::share;
  const double change = is_share ? b - a : (a > 0 ? b / a - 1 : 0);
  return {.measure = measure, .part = part, .a = a, .b = b, .change = change};
}

/// One run, ready to be drawn from.
struct Side {
  RunBlocks blocks;
  RunResampler resampler;
  std::vector<Figures> measured;
  CheckTotals checks;
  std::vector<RequestSums> sums;  ///< As measured, of each part.
  IterationSums iterations;

  Side(RunBlocks run, std::vector<SeriesGroup> groups, lab::Rng rng, CheckTotals of_checks)
      : blocks(std::move(run)),
        resampler(blocks, std::move(groups), rng),
        measured(resampler.measured()),
        checks(of_checks),
        sums(resampler.sums()),
        iterations(resampler.iterations()) {}
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;
};

/// A figure that may be judged.
struct Candidate {
  FigureChange figure{};
  std::size_t part = 0;
  DrawnChange drawn{};
};

class Judgement {
 public:
  Judgement(Side& a, Side& b, const std::vector<ComparedPart>& parts,
            const CompareSettings& settings)
      : a_(a), b_(b), parts_(parts), settings_(settings) {}

  std::vector<FigureChange> figures() {
    find_candidates();
    draw();
    add_checks();
    std::vector<DrawnChange> drawn;
    for (Candidate& each : candidates_) drawn.push_back(std::move(each.drawn));
    const std::vector<double> widths = joint_half_widths(drawn, settings_.confidence);
    for (std::size_t i = 0; i < candidates_.size(); ++i) judge(candidates_[i].figure, widths[i]);
    doubt_iterations();
    std::vector<FigureChange> all;
    for (Candidate& each : candidates_) all.push_back(std::move(each.figure));
    all.insert(all.end(), unjudged_.begin(), unjudged_.end());
    std::ranges::stable_sort(all, {}, [this](const FigureChange& figure) {
      const auto part = std::ranges::find(parts_, figure.part, &ComparedPart::name);
      return std::pair(part - parts_.begin(), figure.measure);
    });
    return all;
  }

 private:
  void find_candidates() {
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      for (std::size_t i = 0; i < kMeasureCount; ++i) {
        const double a = a_.measured[part][i];
        const double b = b_.measured[part][i];
        if (std::isnan(a) || std::isnan(b)) continue;
        consider(static_cast<Measure>(i), part, a, b);
      }
    }
  }

  void consider(Measure measure, std::size_t part, double a, double b) {
    FigureChange figure = change_of(measure, parts_[part].name, a, b);
    if (const auto most = standstill(measure, part)) {
      figure.interval = ChangeInterval{.low = -1, .high = *most};
      figure.verdict = ChangeVerdict::worse;
      unjudged_.push_back(std::move(figure));
      return;
    }
    if (!is_enough(measure, a_.sums[part]) || !is_enough(measure, b_.sums[part])) {
      figure.reason = "too few values";
      unjudged_.push_back(std::move(figure));
      return;
    }
    if (!std::isfinite(scaled(info_of(measure).unit, a, b))) {
      figure.reason = "a value is 0";
      unjudged_.push_back(std::move(figure));
      return;
    }
    Candidate candidate{.figure = std::move(figure), .part = part};
    candidate.drawn.standard_error_min = least_error(measure, part);
    candidate.drawn.blocks = blocks_of(measure, part);
    candidates_.push_back(std::move(candidate));
  }

  // Nothing, or next to nothing, gets through any more: too little to be drawn from, and more than
  // chance takes away. What the change is then at most.
  [[nodiscard]] std::optional<double> standstill(Measure measure, std::size_t part) const {
    constexpr double kFew = 10;
    constexpr double kMany = 30;  // Of which fewer than ten come once in 100,000 times (Poisson).
    const bool is_of_good_answers =
        measure == Measure::successes_per_second || measure == Measure::tokens_per_second;
    if (!is_of_good_answers) return std::nullopt;
    const double rate = a_.measured[part][place_of(Measure::successes_per_second)];
    const double due = rate * b_.blocks.seconds;
    if (a_.sums[part].timed_successes < kMany || due < kMany) return std::nullopt;
    if (b_.sums[part].timed_successes >= kFew) return std::nullopt;
    return kFew / due - 1;
  }

  [[nodiscard]] double least_error(Measure measure, std::size_t part) const {
    const auto error = [](double hits_a, double of_a, double hits_b, double of_b) {
      return std::sqrt(share_variance(hits_a, of_a) + share_variance(hits_b, of_b));
    };
    if (measure == Measure::failed) {
      return error(a_.sums[part].failed, a_.sums[part].requests, b_.sums[part].failed,
                   b_.sums[part].requests);
    }
    if (measure != Measure::dropped) return 0;
    const IterationSums& a = a_.iterations;
    const IterationSums& b = b_.iterations;
    return error(a.dropped, a.iterations + a.dropped, b.dropped, b.iterations + b.dropped);
  }

  [[nodiscard]] std::size_t blocks_of(Measure measure, std::size_t part) const {
    if (is_of_users(measure)) {
      const std::size_t blocks = std::min(a_.blocks.users.size(), b_.blocks.users.size());
      return blocks < kBlocksMin ? 0 : blocks;
    }
    return std::min(blocks_of(a_.blocks, parts_[part].a), blocks_of(b_.blocks, parts_[part].b));
  }
  static std::size_t blocks_of(const RunBlocks& run, const SeriesGroup& part) {
    std::vector<bool> is_counted(run.strata.size());
    std::size_t blocks = 0;
    for (const std::size_t series : part) {
      const std::size_t stratum = run.series[series].stratum;
      if (is_counted[stratum] || run.strata[stratum] < kBlocksMin) continue;
      is_counted[stratum] = true;
      blocks += run.strata[stratum];
    }
    return blocks;
  }

  void draw() {
    for (std::size_t number = 0; number < settings_.draws; ++number) {
      const std::vector<Figures> a = a_.resampler.resampled(number);
      const std::vector<Figures> b = b_.resampler.resampled(number);
      for (Candidate& each : candidates_) {
        const std::size_t place = place_of(each.figure.measure);
        each.drawn.changes.push_back(
            scaled(info_of(each.figure.measure).unit, a[each.part][place], b[each.part][place]));
      }
    }
  }

  // When they did not hold is not known; those of an iteration have their fate in common, so that
  // there are as many trials as iterations.
  void add_checks() {
    const CheckTotals& a = a_.checks;
    const CheckTotals& b = b_.checks;
    const double all_a = a.passes + a.fails;
    const double all_b = b.passes + b.fails;
    if (all_a <= 0 || all_b <= 0) return;
    FigureChange figure = change_of(Measure::checks_failed, {}, a.fails / all_a, b.fails / all_b);
    const double trials_a = std::min(all_a, a_.iterations.iterations);
    const double trials_b = std::min(all_b, b_.iterations.iterations);
    if (trials_a < 1 || trials_b < 1) {
      figure.reason = "too few values";
      unjudged_.push_back(std::move(figure));
      return;
    }
    Candidate candidate{.figure = figure};
    const double error = std::sqrt(share_variance(figure.a * trials_a, trials_a) +
                                   share_variance(figure.b * trials_b, trials_b));
    lab::Rng rng = lab::Rng(settings_.seed).child("checks");
    boost::random::normal_distribution<double> chance(figure.change, error);
    for (std::size_t i = 0; i < settings_.draws; ++i) {
      candidate.drawn.changes.push_back(chance(rng));
    }
    candidates_.push_back(std::move(candidate));
  }

  void judge(FigureChange& figure, double width) const {
    if (width < 0) {
      figure.reason = "too few values";
      return;
    }
    const MeasureUnit unit = info_of(figure.measure).unit;
    const double change = scaled(unit, figure.a, figure.b);
    figure.interval = ChangeInterval{.low = unscaled(unit, change - width),
                                     .high = unscaled(unit, change + width)};
    if (unit == MeasureUnit::share) {
      // A share is none below 0, nor above 1.
      figure.interval->low = std::max(figure.interval->low, -figure.a);
      figure.interval->high = std::min(figure.interval->high, 1 - figure.a);
    }
    figure.verdict = verdict_of(figure, settings_);
  }

  // Users whose requests fail at once come to the end of more iterations: that is no gain.
  void doubt_iterations() {
    const auto is = [](Measure measure, ChangeVerdict verdict) {
      return [measure, verdict](const Candidate& each) {
        return each.part == 0 && each.figure.measure == measure && each.figure.verdict == verdict;
      };
    };
    if (!std::ranges::any_of(candidates_, is(Measure::failed, ChangeVerdict::worse))) return;
    const auto gain = std::ranges::find_if(
        candidates_, is(Measure::iterations_per_second, ChangeVerdict::better));
    if (gain == candidates_.end()) return;
    gain->figure.interval.reset();
    gain->figure.verdict = ChangeVerdict::unjudged;
    gain->figure.reason = "more fail";
  }

  Side& a_;
  Side& b_;
  const std::vector<ComparedPart>& parts_;
  const CompareSettings& settings_;
  std::vector<Candidate> candidates_;
  std::vector<FigureChange> unjudged_;
};

std::vector<FigureChange> judged_figures(ComparedRun& a, ComparedRun& b,
                                         const CompareSettings& settings) {
  OverTime& times_a = *a.summary.over_time;
  OverTime& times_b = *b.summary.over_time;
  const lab::Duration window = std::max(times_a.window, times_b.window);
  times_a.widen_to(window);
  times_b.widen_to(window);
  const TimedWindows timed = timed_windows(times_a.windows(), times_b.windows());
  RunBlocks blocks_a = run_blocks(times_a, timed.a);
  RunBlocks blocks_b = run_blocks(times_b, timed.b);
  const std::vector<ComparedPart> parts = compared_parts(blocks_a, blocks_b);
  std::vector<SeriesGroup> groups_a;
  std::vector<SeriesGroup> groups_b;
  for (const ComparedPart& part : parts) {
    groups_a.push_back(part.a);
    groups_b.push_back(part.b);
  }
  const lab::Rng rng(settings.seed);
  Side side_a(std::move(blocks_a), std::move(groups_a), rng.child("A"), check_totals(a.summary));
  Side side_b(std::move(blocks_b), std::move(groups_b), rng.child("B"), check_totals(b.summary));
  return Judgement(side_a, side_b, parts, settings).figures();
}

// Of a file of samples there are no metrics, but what happened when.
Figures figures_alone(const ComparedRun& run) {
  if (!run.summary.metrics.empty() || !run.summary.over_time) return metric_figures(run.summary);
  const OverTime& times = *run.summary.over_time;
  const std::size_t whole = timed_windows(times.windows(), times.windows()).a;
  const RunBlocks blocks = run_blocks(times, whole);
  SeriesGroup all;
  for (std::size_t i = 0; i < blocks.series.size(); ++i) all.push_back(i);
  return RunResampler(blocks, {all}, lab::Rng(0)).measured().front();
}

std::vector<FigureChange> bare_figures(const ComparedRun& a, const ComparedRun& b) {
  const Figures of_a = figures_alone(a);
  const Figures of_b = figures_alone(b);
  std::vector<FigureChange> figures;
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    if (std::isnan(of_a[i]) || std::isnan(of_b[i])) continue;
    figures.push_back(change_of(static_cast<Measure>(i), {}, of_a[i], of_b[i]));
    figures.back().reason = "no distributions";
  }
  return figures;
}

bool has_windows(const ComparedRun& run) {
  return run.summary.over_time && run.summary.over_time->window > lab::Duration::zero();
}

std::string why_no_verdict(const ComparedRun& a, const ComparedRun& b) {
  std::string which;
  if (!has_windows(a)) which = "A";
  if (!has_windows(b)) which += which.empty() ? "B" : " and B";
  if (which.empty()) return which;
  return which + (which.size() > 1 ? " have" : " has") +
         " no distributions over time, as summaries of loader, run files and files of samples do, "
         "so that there is no telling chance from change";
}

}  // namespace

std::string_view to_string(ChangeVerdict verdict) {
  switch (verdict) {
    case ChangeVerdict::worse:
      return "worse";
    case ChangeVerdict::better:
      return "better";
    case ChangeVerdict::alike:
      return "no difference";
    case ChangeVerdict::unjudged:
      break;
  }
  return "not judged";
}

std::size_t RunComparison::count(ChangeVerdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(figures, verdict, &FigureChange::verdict));
}

RunComparison compare_runs(ComparedRun a, ComparedRun b, const CompareSettings& settings) {
  RunComparison comparison{.a = a.name,
                           .b = b.name,
                           .settings = settings,
                           .unlike = differences_of(a.summary, b.summary),
                           .new_errors = new_errors(a.summary, b.summary),
                           .no_verdict = why_no_verdict(a, b)};
  comparison.figures =
      comparison.no_verdict.empty() ? judged_figures(a, b, settings) : bare_figures(a, b);
  if (comparison.figures.empty() && comparison.no_verdict.empty()) {
    comparison.no_verdict = "there is nothing that both have measured";
  }
  a.summary.over_time.reset();
  b.summary.over_time.reset();
  comparison.of_a = std::move(a.summary);
  comparison.of_b = std::move(b.summary);
  return comparison;
}

}  // namespace loader
