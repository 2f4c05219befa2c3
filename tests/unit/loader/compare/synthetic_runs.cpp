#include "synthetic_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/random/lognormal_distribution.hpp>
#include <cmath>
#include <vector>

#include "shared/base/rng.h"

namespace loader {
namespace {

constexpr double kWindowSeconds = 2;

double lognormal(double median, double p99, lab::Rng& rng) {
  constexpr double kZ99 = 2.3263478740408408;
  return boost::random::lognormal_distribution<double>(std::log(median),
                                                       std::log(p99 / median) / kZ99)(rng);
}

/// What is added within a window.
struct Tally {
  RequestWindow window{};
  SketchTally succeeded{};
  SketchTally time_to_first_token{};
  SketchTally inter_token{};
  std::uint64_t iterations = 0;
};

class Users {
 public:
  explicit Users(const SyntheticRun& run) : run_(run), rng_(run.seed) {}

  void run() {
    for (int user = 0; user < run_.users; ++user) {
      lab::Rng rng = rng_.child("user", static_cast<std::uint64_t>(user));
      double now = 3 * rng.uniform01();
      while (now < run_.seconds) now = chat(now, rng) + 1 + 2 * rng.uniform01();
    }
  }
  std::vector<Tally>& tallies() { return tallies_; }

 private:
  double chat(double start, lab::Rng& rng) {
    const double factor = run_.slowdown * wave_at(start);
    const double first = lognormal(250, 900, rng) * factor;
    const double tokens = std::round(std::clamp(lognormal(55, 180, rng), 1.0, 150.0));
    std::vector<double> gaps;
    double duration = first;
    for (int i = 1; i < static_cast<int>(tokens); ++i) {
      gaps.push_back(lognormal(18, 60, rng) * factor);
      duration += gaps.back();
    }
    const double end = start + duration / 1000;
    const auto number = static_cast<std::size_t>(end / kWindowSeconds);
    if (tallies_.size() <= number) tallies_.resize(number + 1);
    Tally& tally = tallies_[number];
    ++tally.window.requests;
    ++tally.iterations;
    if (rng.uniform01() < run_.failed) {
      ++tally.window.failed;
      tally.window.failures = {tally.window.failed};
      return end;
    }
    tally.window.tokens_out += static_cast<std::uint64_t>(tokens);
    tally.succeeded.add(duration);
    if (!run_.is_streamed) return end;
    tally.time_to_first_token.add(first);
    for (const double gap : gaps) tally.inter_token.add(gap);
    return end;
  }
  [[nodiscard]] double wave_at(double now) const {
    if (run_.wave_seconds <= 0) return 1;
    const auto number = static_cast<std::uint64_t>(now / run_.wave_seconds);
    return 1 + run_.wave * rng_.child("wave", number).uniform01();
  }

  const SyntheticRun& run_;
  lab::Rng rng_;
  std::vector<Tally> tallies_;
};

}  // namespace

ComparedRun synthetic_run(const SyntheticRun& run) {
  Users users(run);
  users.run();
  OverTime times{.window = lab::from_seconds(kWindowSeconds), .failure_kinds = {"status 500"}};
  RequestSeries series{.scenario = run.scenario, .phase = run.phase, .model = run.model};
  for (std::size_t i = 0; i < users.tallies().size(); ++i) {
    Tally& tally = users.tallies()[i];
    tally.window.succeeded = tally.succeeded.peek();
    tally.window.time_to_first_token = tally.time_to_first_token.peek();
    tally.window.inter_token = tally.inter_token.peek();
    series.at(i) = tally.window;
    times.users.push_back({.active_vus = static_cast<double>(run.users),
                           .vus = static_cast<double>(run.users),
                           .iterations = tally.iterations});
  }
  times.series = {series};
  ComparedRun made{.name = "seed " + std::to_string(run.seed)};
  made.summary.duration = lab::from_seconds(run.seconds);
  made.summary.facts.suite = "synthetic";
  made.summary.over_time = std::move(times);
  return made;
}

ComparedRun together(ComparedRun a, const ComparedRun& b) {
  a.summary.over_time->merge(*b.summary.over_time);
  return a;
}

const FigureChange& figure_of(const RunComparison& comparison, Measure measure,
                              const std::string& part) {
  static const FigureChange kNoFigure{};
  for (const FigureChange& figure : comparison.figures) {
    if (figure.measure == measure && figure.part == part) return figure;
  }
  ADD_FAILURE() << "no figure " << info_of(measure).name << " of \"" << part << "\"";
  return kNoFigure;
}

}  // namespace loader
