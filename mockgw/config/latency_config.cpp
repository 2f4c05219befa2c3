#include "mockgw/config/latency_config.h"

#include <cmath>

#include "shared/base/fields.h"

namespace mockgw {
namespace {

// The standard normal's 99 % quantile, as the file form {"lognormal":{"p50","p99"}} uses it.
constexpr double kNormalP99 = 2.3263478740408408;

lab::Distribution lognormal(double p50_seconds, double p99_seconds) {
  return lab::Distribution::Kind(lab::Distribution::Lognormal{
      std::log(p50_seconds), std::log(p99_seconds / p50_seconds) / kNormalP99});
}

}  // namespace

LatencyConfig LatencyConfig::healthy() {
  LatencyConfig latency;
  latency.ttft = lognormal(0.250, 0.900);
  latency.itl = lognormal(0.018, 0.060);
  latency.other = lab::Distribution::Kind(lab::Distribution::Constant{0.002});
  return latency;
}

void fields(lab::Fields& f, LatencyConfig& c) {
  f("ttft", c.ttft, lab::kDurations, "Time to the first token.");
  f("itl", c.itl, lab::kDurations, "Time from one token to the next.");
  f("prefill_per_token", c.prefill_per_token, "On top of ttft for each token of the prompt.");
  f("cached_prefill_per_token", c.cached_prefill_per_token,
    "The same for tokens of the prompt that are in the cache.");
  f.or_null("prefix_cache", c.prefix_cache,
            "Which tokens of a prompt are in the cache: the beginning that it shares with an "
            "earlier one. Null: none.");
  f("other", c.other, lab::kDurations, "Of answers without tokens: errors, models, health.");
  f("drift", c.drift, "How all latencies change over the run; the terms add up.");
}

}  // namespace mockgw
