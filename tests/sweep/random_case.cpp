#include "tests/sweep/random_case.h"

#include "shared/base/rng.h"
#include "tests/sweep/draw.h"
#include "tests/sweep/random_gateway.h"
#include "tests/sweep/random_suite.h"

namespace lab::test {
namespace {

NetworkModel random_network(Draw draw, bool is_clean) {
  NetworkModel network;
  network.latency = Distribution(Distribution::Exponential{draw.real(1e-5, 0.02)});
  if (draw.chance(0.5)) network.short_read_probability = draw.real(0, 0.9);
  if (draw.chance(0.3)) network.bandwidth_bytes_per_second = draw.real(2e4, 1e7);
  if (draw.chance(0.2)) network.window_bytes = static_cast<std::uint32_t>(draw.between(64, 4096));
  if (draw.chance(0.3)) network.loss_probability = draw.real(0, 0.05);
  if (draw.chance(0.2)) {
    const Duration from = from_seconds(draw.real(0, 5));
    network.partitions.push_back({from, from + from_seconds(draw.real(0.1, 3))});
  }
  if (is_clean) return network;
  network.reset_probability = draw.real(0, 0.01);
  network.connect_failure_probability = draw.real(0, 0.2);
  return network;
}

}  // namespace

RandomCase make_random_case(std::uint64_t seed) {
  const Rng rng(seed);
  Draw draw(rng.child("case"));
  RandomCase result;
  result.is_network_clean = draw.chance(0.5);
  result.is_patient = draw.chance(0.5);
  result.suite = random_suite(Draw(rng.child("suite")), result.is_patient).dump();
  result.gateway = random_gateway(Draw(rng.child("gateway"))).dump();
  result.network = random_network(Draw(rng.child("network")), result.is_network_clean);
  return result;
}

}  // namespace lab::test
