#include "loader/compare/measures.h"

#include <algorithm>
#include <limits>

namespace loader {
namespace {

constexpr double kValuesLeast = 10;
constexpr double kValuesBeyondLeast = 5;

void set(Figures& figures, Measure measure, double value) { figures[place_of(measure)] = value; }

void set_percentiles(Figures& figures, const DistributionSums& values,
                     const std::array<Measure, 3>& of) {
  if (values.count() < 0.5) return;
  constexpr std::array kPercents{50.0, 95.0, 99.0};
  for (std::size_t i = 0; i < of.size(); ++i) {
    set(figures, of[i], values.percentile(kPercents[i]));
  }
}

bool has_enough(const DistributionSums& values, double percent) {
  const double beyond = values.count() * (1 - percent / 100);
  return values.count() >= kValuesLeast && beyond > kValuesBeyondLeast - 1e-6;
}

}  // namespace

void RequestSums::clear() {
  requests = failed = tokens_out = timed_successes = timed_tokens = 0;
  succeeded.clear();
  time_to_first_token.clear();
  inter_token.clear();
}

void RequestSums::add(const RequestSums& other) {
  requests += other.requests;
  failed += other.failed;
  tokens_out += other.tokens_out;
  timed_successes += other.timed_successes;
  timed_tokens += other.timed_tokens;
  succeeded.add(other.succeeded);
  time_to_first_token.add(other.time_to_first_token);
  inter_token.add(other.inter_token);
}

Figures no_figures() {
  Figures figures{};
  figures.fill(std::numeric_limits<double>::quiet_NaN());
  return figures;
}

Figures request_figures(const RequestSums& sums) {
  Figures figures = no_figures();
  if (sums.requests > 0) set(figures, Measure::failed, sums.failed / sums.requests);
  if (sums.succeeded.count() > 0) {
    set(figures, Measure::duration_avg, sums.succeeded.sum() / sums.succeeded.count());
  }
  if (sums.succeeded.count() > 0 && sums.tokens_out > 0) {
    set(figures, Measure::duration_per_token, sums.succeeded.sum() / sums.tokens_out);
  }
  set_percentiles(figures, sums.succeeded,
                  {Measure::duration_p50, Measure::duration_p95, Measure::duration_p99});
  set_percentiles(figures, sums.time_to_first_token,
                  {Measure::ttft_p50, Measure::ttft_p95, Measure::ttft_p99});
  set_percentiles(figures, sums.inter_token,
                  {Measure::itl_p50, Measure::itl_p95, Measure::itl_p99});
  return figures;
}

void add_run_figures(Figures& figures, const RequestSums& sums, const IterationSums& iterations,
                     double seconds) {
  const double all = iterations.iterations + iterations.dropped;
  if (all > 0) set(figures, Measure::dropped, iterations.dropped / all);
  if (seconds <= 0) return;
  set(figures, Measure::successes_per_second, sums.timed_successes / seconds);
  if (sums.tokens_out > 0) set(figures, Measure::tokens_per_second, sums.timed_tokens / seconds);
  if (iterations.iterations > 0) {
    set(figures, Measure::iterations_per_second, iterations.timed_iterations / seconds);
  }
}

bool is_enough(Measure measure, const RequestSums& sums) {
  switch (measure) {
    case Measure::successes_per_second:
    case Measure::duration_per_token:
    case Measure::duration_avg:
    case Measure::duration_p50:
      return has_enough(sums.succeeded, 50);
    case Measure::duration_p95:
      return has_enough(sums.succeeded, 95);
    case Measure::duration_p99:
      return has_enough(sums.succeeded, 99);
    case Measure::ttft_p50:
      return has_enough(sums.time_to_first_token, 50);
    case Measure::ttft_p95:
      return has_enough(sums.time_to_first_token, 95);
    case Measure::ttft_p99:
      return has_enough(sums.time_to_first_token, 99);
    case Measure::itl_p50:
      return has_enough(sums.inter_token, 50);
    case Measure::itl_p95:
      return has_enough(sums.inter_token, 95);
    case Measure::itl_p99:
      return has_enough(sums.inter_token, 99);
    case Measure::failed:
    case Measure::tokens_per_second:
    case Measure::iterations_per_second:
    case Measure::dropped:
    case Measure::checks_failed:
      break;
  }
  return sums.requests >= kValuesLeast;
}

}  // namespace loader
