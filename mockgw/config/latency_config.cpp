#include "mockgw/config/latency_config.h"

#include <cmath>

#include "shared/base/json.h"

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

LatencyConfig read_latency(const lab::JsonValue& value, LatencyConfig base) {
  lab::JsonObject object = value.as_object();
  if (const auto v = object.find("ttft")) base.ttft = lab::read_duration_distribution(*v);
  if (const auto v = object.find("itl")) base.itl = lab::read_duration_distribution(*v);
  base.prefill_per_token = object.duration("prefill_per_token", base.prefill_per_token);
  base.cached_prefill_per_token =
      object.duration("cached_prefill_per_token", base.cached_prefill_per_token);
  if (const auto v = object.find("prefix_cache")) {
    const PrefixCacheConfig cache = base.prefix_cache.value_or(PrefixCacheConfig{});
    base.prefix_cache = v->is_null() ? std::nullopt : std::optional(read_prefix_cache(*v, cache));
  }
  if (const auto v = object.find("other")) base.other = lab::read_duration_distribution(*v);
  if (const auto v = object.find("drift")) base.drift = read_drift(*v);
  object.finish();
  return base;
}

lab::Json to_json(const LatencyConfig& latency) {
  return lab::Json{
      {"ttft", lab::write_duration_distribution(latency.ttft)},
      {"itl", lab::write_duration_distribution(latency.itl)},
      {"prefill_per_token", lab::format_duration(latency.prefill_per_token)},
      {"cached_prefill_per_token", lab::format_duration(latency.cached_prefill_per_token)},
      {"prefix_cache", latency.prefix_cache ? to_json(*latency.prefix_cache) : lab::Json()},
      {"other", lab::write_duration_distribution(latency.other)},
      {"drift", to_json(latency.drift)},
  };
}

}  // namespace mockgw
