#include "loader/compare/resampling.h"

#include <algorithm>
#include <boost/random/poisson_distribution.hpp>
#include <utility>

namespace loader {
namespace {

double poisson(double mean, lab::Rng& rng) {
  if (mean <= 0) return 0;
  return static_cast<double>(boost::random::poisson_distribution<std::int64_t, double>(mean)(rng));
}

// `together`: so many values are of one request, and come or stay away together.
void draw_values(const Sketch& sketch, double together, DistributionSums& into, lab::Rng& rng) {
  for (const Sketch::Bucket& bucket : sketch.buckets()) {
    const double count = together * poisson(static_cast<double>(bucket.count) / together, rng);
    if (count > 0) into.add_bucket(bucket.index, count, sketch);
  }
}

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<double> times_drawn(std::size_t blocks, lab::Rng& rng) {
  std::vector<double> times(blocks);
  for (std::size_t i = 0; i < blocks; ++i) ++times[rng.below(blocks)];
  return times;
}

void add_users(const UserBlock& block, double times, IterationSums& sums) {
  sums.iterations += times * static_cast<double>(block.iterations);
  sums.dropped += times * static_cast<double>(block.dropped);
  sums.timed_iterations += times * static_cast<double>(block.timed_iterations);
}

}  // namespace

RunResampler::RunResampler(const RunBlocks& blocks, std::vector<SeriesGroup> groups, lab::Rng rng)
    : blocks_(blocks),
      groups_(std::move(groups)),
      rng_(rng),
      totals_(blocks.series.size()),
      series_sums_(blocks.series.size()),
      group_sums_(groups_.size()) {
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    for (const SeriesBlock& block : blocks.series[i].blocks) {
      SeriesBlock& total = totals_[i];
      total.requests += block.requests;
      total.failed += block.failed;
      total.tokens_out += block.tokens_out;
      total.timed_successes += block.timed_successes;
      total.timed_tokens += block.timed_tokens;
      total.succeeded.merge(block.succeeded);
      total.time_to_first_token.merge(block.time_to_first_token);
      total.inter_token.merge(block.inter_token);
    }
  }
  for (const UserBlock& block : blocks.users) {
    user_total_.iterations += block.iterations;
    user_total_.dropped += block.dropped;
    user_total_.timed_iterations += block.timed_iterations;
  }
}

std::vector<Figures> RunResampler::measured() {
  for (std::size_t series = 0; series < series_sums_.size(); ++series) {
    series_sums_[series].clear();
    for (std::size_t i = 0; i < blocks_.series[series].blocks.size(); ++i) take(series, i, 1);
  }
  iterations_ = {};
  add_users(user_total_, 1, iterations_);
  return figures();
}

std::vector<Figures> RunResampler::resampled(std::uint64_t number) {
  for (RequestSums& sums : series_sums_) sums.clear();
  for (std::size_t stratum = 0; stratum < blocks_.strata.size(); ++stratum) {
    lab::Rng rng = rng_.child("stratum", stratum, number);
    if (blocks_.strata[stratum] >= kBlocksMin) {
      draw_blocks(stratum, rng);
      continue;
    }
    for (std::size_t series = 0; series < blocks_.series.size(); ++series) {
      if (blocks_.series[series].stratum == stratum) draw_requests(series, rng);
    }
  }
  lab::Rng rng = rng_.child("users", number);
  draw_users(rng);
  return figures();
}

// Models of one phase share its moments.
void RunResampler::draw_blocks(std::size_t stratum, lab::Rng& rng) {
  const std::vector<double> times = times_drawn(blocks_.strata[stratum], rng);
  for (std::size_t series = 0; series < blocks_.series.size(); ++series) {
    if (blocks_.series[series].stratum != stratum) continue;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (times[i] > 0) take(series, i, times[i]);
    }
  }
}

void RunResampler::draw_requests(std::size_t series, lab::Rng& rng) {
  const SeriesBlock& total = totals_[series];
  RequestSums& sums = series_sums_[series];
  draw_values(total.succeeded, 1, sums.succeeded, rng);
  draw_values(total.time_to_first_token, 1, sums.time_to_first_token, rng);
  const double streams = std::max(1.0, static_cast<double>(total.time_to_first_token.count()));
  const double tokens = static_cast<double>(total.inter_token.count()) / streams;
  draw_values(total.inter_token, std::max(1.0, tokens), sums.inter_token, rng);
  sums.failed = poisson(static_cast<double>(total.failed), rng);
  sums.requests = sums.succeeded.count() + sums.failed;
  // Which answer had which tokens is not known: at worst they have nothing to do with its time.
  if (!total.succeeded.empty()) {
    sums.tokens_out = static_cast<double>(total.tokens_out) * sums.succeeded.count() /
                      static_cast<double>(total.succeeded.count());
  }
  sums.timed_successes =
      sums.succeeded.count() * share_of(total.timed_successes, total.succeeded.count());
  sums.timed_tokens = sums.tokens_out * share_of(total.timed_tokens, total.tokens_out);
}

void RunResampler::draw_users(lab::Rng& rng) {
  iterations_ = {};
  if (blocks_.users.size() >= kBlocksMin) {
    const std::vector<double> times = times_drawn(blocks_.users.size(), rng);
    for (std::size_t i = 0; i < times.size(); ++i)
      add_users(blocks_.users[i], times[i], iterations_);
    return;
  }
  iterations_.iterations = poisson(static_cast<double>(user_total_.iterations), rng);
  iterations_.dropped = poisson(static_cast<double>(user_total_.dropped), rng);
  iterations_.timed_iterations =
      iterations_.iterations * share_of(user_total_.timed_iterations, user_total_.iterations);
}

void RunResampler::take(std::size_t series, std::size_t block, double times) {
  const SeriesBlock& from = blocks_.series[series].blocks[block];
  RequestSums& sums = series_sums_[series];
  sums.requests += times * static_cast<double>(from.requests);
  sums.failed += times * static_cast<double>(from.failed);
  sums.tokens_out += times * static_cast<double>(from.tokens_out);
  sums.timed_successes += times * static_cast<double>(from.timed_successes);
  sums.timed_tokens += times * static_cast<double>(from.timed_tokens);
  sums.succeeded.add(from.succeeded, times);
  sums.time_to_first_token.add(from.time_to_first_token, times);
  sums.inter_token.add(from.inter_token, times);
}

std::vector<Figures> RunResampler::figures() {
  std::vector<Figures> all;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    group_sums_[i].clear();
    for (const std::size_t series : groups_[i]) group_sums_[i].add(series_sums_[series]);
    all.push_back(request_figures(group_sums_[i]));
  }
  if (!all.empty()) add_run_figures(all[0], group_sums_[0], iterations_, blocks_.seconds);
  return all;
}

}  // namespace loader
