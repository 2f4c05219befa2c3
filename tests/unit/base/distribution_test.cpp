#include "shared/base/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "shared/base/json.h"

namespace lab {
namespace {

using namespace std::chrono_literals;

struct Read {
  Distribution distribution;
  std::string problems;
};

Read read_with(Distribution (*reader)(const JsonValue&), const std::string& text) {
  JsonProblems problems("g.json");
  const Json json = parse_json(text, "g.json").value();
  Distribution distribution = reader(JsonValue(json, "ttft", problems));
  return {std::move(distribution), problems.to_string()};
}

Read durations(const std::string& text) { return read_with(read_duration_distribution, text); }
Read numbers(const std::string& text) { return read_with(read_number_distribution, text); }

std::vector<double> sorted_samples(const Distribution& distribution, std::size_t count) {
  Rng rng(20240501);
  std::vector<double> samples;
  for (std::size_t i = 0; i < count; ++i) samples.push_back(distribution.sample(rng));
  std::sort(samples.begin(), samples.end());
  return samples;
}

double mean_of(const std::vector<double>& samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample;
  return sum / static_cast<double>(samples.size());
}

TEST(Distribution, SamplesHaveTheMeanAndQuantilesThatTheFileSays) {
  struct Case {
    const char* json;
    double mean, p50, p99;  // Closed forms.
  };
  const Case cases[] = {
      {R"(80)", 80, 80, 80},
      {R"({"uniform":[10,20]})", 15, 15, 19.9},
      {R"({"normal":{"mean":80,"stddev":10}})", 80, 80, 103.263},
      // Half of the draws become zero: the mean is stddev / sqrt(2 pi).
      {R"({"normal":{"mean":0,"stddev":10}})", 3.98942, 0, 23.2635},
      {R"({"lognormal":{"p50":80,"p99":400}})", 80 * std::exp(0.5 * std::pow(0.69183, 2)), 80, 400},
      {R"({"exponential":{"mean":80}})", 80, 80 * std::log(2), 80 * std::log(100)},
      {R"({"pareto":{"min":10,"alpha":3}})", 15, 10 * std::cbrt(2.0), 10 * std::cbrt(100.0)},
      {R"({"quantiles":{"p0":60,"p50":80,"p90":150,"p99":400,"p100":500}})",
       0.5 * 70 + 0.4 * 115 + 0.09 * 275 + 0.01 * 450, 80, 400},
      {R"({"quantiles":{"p50":80,"p99":400}})", 0.5 * 40 + 0.49 * 240 + 0.01 * 400, 80, 400},
      {R"({"mixture":[{"weight":3,"of":10},{"weight":1,"of":{"uniform":[20,40]}}]})", 15, 10, 39.2},
  };
  for (const Case& c : cases) {
    const Read read = numbers(c.json);
    ASSERT_EQ(read.problems, "") << c.json;
    EXPECT_NEAR(read.distribution.mean(), c.mean, 1e-4 * c.mean) << c.json;
    const std::vector<double> samples = sorted_samples(read.distribution, 200'000);
    EXPECT_NEAR(mean_of(samples), c.mean, 0.01 * c.mean) << c.json;
    EXPECT_NEAR(samples[100'000], c.p50, 0.01 * c.p50 + 0.05) << c.json;
    EXPECT_NEAR(samples[198'000], c.p99, 0.025 * c.p99) << c.json;
    EXPECT_GE(samples.front(), 0) << c.json;
  }
}

TEST(Distribution, TakesDurationsInEveryForm) {
  EXPECT_EQ(durations(R"("80ms")").distribution.mean(), 0.08);
  EXPECT_EQ(durations("250").distribution.mean(), 0.25);
  EXPECT_EQ(durations(R"({"uniform":["10ms","20ms"]})").distribution.mean(), 0.015);
  Rng rng(1);
  EXPECT_EQ(durations(R"("80ms")").distribution.sample_duration(rng), 80ms);
}

TEST(Distribution, TheSameSeedGivesTheSameSamplesEverywhere) {
  // Pinned: Boost.Random's results must not change under us, or old seeds no longer replay.
  Rng rng(7);
  EXPECT_NEAR(numbers(R"({"normal":{"mean":80,"stddev":10}})").distribution.sample(rng), 83.5629084,
              1e-6);
  EXPECT_NEAR(numbers(R"({"exponential":{"mean":80}})").distribution.sample(rng), 5.0758012, 1e-6);
}

TEST(Distribution, AParetoWithAHeavyTailHasNoMean) {
  EXPECT_EQ(numbers(R"({"pareto":{"min":1,"alpha":1}})").distribution.mean(),
            std::numeric_limits<double>::infinity());
}

TEST(Distribution, KnowsWhetherEverySampleIsZero) {
  EXPECT_TRUE(Distribution().is_zero());
  EXPECT_TRUE(durations(R"({"uniform":["0s","0s"]})").distribution.is_zero());
  EXPECT_TRUE(numbers(R"({"mixture":[{"weight":1,"of":0}]})").distribution.is_zero());
  EXPECT_FALSE(durations(R"("1ns")").distribution.is_zero());
  EXPECT_FALSE(numbers(R"({"normal":{"mean":0,"stddev":1}})").distribution.is_zero());
}

TEST(Distribution, SaysWhatIsWrong) {
  struct Case {
    const char* json;
    const char* problems;
  };
  const Case cases[] = {
      {R"("fast")",
       "g.json: ttft: invalid duration \"fast\"; write a number and a unit (ns, us, ms, s, m, h, "
       "d), for example \"1m30s\" or \"250ms\""},
      {R"({"normal":{"mean":"80ms","stddev":"-1ms"}})",
       "g.json: ttft.normal.stddev: a negative duration is not allowed"},
      {R"({"normal":{"mean":"80ms"}})", "g.json: ttft.normal: missing required key \"stddev\""},
      {R"({"uniform":["20ms","10ms"]})", "g.json: ttft.uniform: low must not be above high"},
      {R"({"uniform":["20ms"]})", "g.json: ttft.uniform: expected [low, high]"},
      {R"({"lognormal":{"p50":"80ms","p99":"40ms"}})",
       "g.json: ttft.lognormal: p99 must not be below p50"},
      {R"({"lognormal":{"p50":"0s","p99":"40ms"}})",
       "g.json: ttft.lognormal: p50 must be above zero"},
      {R"({"pareto":{"min":"1ms","alpha":0}})",
       "g.json: ttft.pareto.alpha: alpha must be above zero"},
      {R"({"quantiles":{"p50":"80ms","p90":"40ms"}})",
       "g.json: ttft.quantiles: a higher quantile must not have a lower value"},
      {R"({"quantiles":{}})", "g.json: ttft.quantiles: expected at least one quantile such as p50"},
      {R"({"quantiles":{"p50":"1s","median":"1s"}})",
       "g.json: ttft.quantiles.median: a quantile is named p0 to p100, for example p50 or p99.9"},
      {R"({"mixture":[{"weight":0,"of":"1s"}]})",
       "g.json: ttft.mixture: the weights must sum to more than zero"},
      {R"({"mixture":[{"weight":1e308,"of":"1s"},{"weight":1e308,"of":"2s"}]})",
       "g.json: ttft.mixture: the weights sum to more than can be counted; write smaller ones"},
      {R"({"mixture":[{"weight":1,"of":"1s","if":2}]})",
       "g.json: ttft.mixture[0]: unknown key \"if\"; did you mean \"of\"? allowed: \"weight\", "
       "\"of\""},
      {R"({"lognormol":{"p50":"1s","p99":"2s"}})",
       "g.json: ttft: unknown key \"lognormol\"; did you mean \"lognormal\"? allowed: \"normal\", "
       "\"lognormal\", \"uniform\", \"exponential\", \"pareto\", \"quantiles\", \"mixture\""},
      {R"({"uniform":["1s","2s"],"exponential":{"mean":"1s"}})",
       "g.json: ttft: expected one kind of distribution"},
      {R"({})", "g.json: ttft: expected one kind of distribution"},
  };
  for (const Case& c : cases) EXPECT_EQ(durations(c.json).problems, c.problems) << c.json;
}

TEST(Distribution, ReadsBackWhatItWrites) {
  for (const char* json :
       {R"("80ms")", R"({"uniform":["10ms","20ms"]})",
        R"({"normal":{"mean":"80ms","stddev":"10ms"}})",
        R"({"lognormal":{"p50":"80ms","p99":"400ms"}})", R"({"exponential":{"mean":"80ms"}})",
        R"({"pareto":{"min":"10ms","alpha":1.5}})",
        R"({"quantiles":{"p0":"0s","p50":"80ms","p99.9":"400ms","p100":"400ms"}})",
        R"({"mixture":[{"weight":0.75,"of":"1ms"},{"weight":0.25,"of":"2ms"}]})"}) {
    EXPECT_EQ(write_duration_distribution(durations(json).distribution).dump(), json);
  }
  EXPECT_EQ(write_number_distribution(numbers(R"({"uniform":[1,2.5]})").distribution).dump(),
            R"({"uniform":[1.0,2.5]})");
}

TEST(Distribution, ASampleThatIsADurationIsAtMostAYear) {
  Rng rng(1);
  const Distribution endless(Distribution::Kind(Distribution::Pareto{1, 0.001}));
  Duration longest{};
  for (int i = 0; i < 100; ++i) longest = std::max(longest, endless.sample_duration(rng));
  EXPECT_EQ(longest, Distribution::kLongestSample);
}

}  // namespace
}  // namespace lab
