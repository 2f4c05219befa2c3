#include "tests/sweep/random_case.h"

#include <initializer_list>
#include <string_view>

#include "shared/base/json_reader.h"
#include "shared/base/rng.h"

namespace lab::test {
namespace {

// Draws that read as what they decide.
class Draw {
 public:
  explicit Draw(Rng rng) : rng_(rng) {}

  bool chance(double probability) { return rng_.uniform01() < probability; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  double real(double low, double high) { return low + (high - low) * rng_.uniform01(); }
  std::string_view one_of(std::initializer_list<std::string_view> choices) {
    return choices.begin()[rng_.below(choices.size())];
  }
  std::string milliseconds(std::int64_t low, std::int64_t high) {
    return std::to_string(between(low, high)) + "ms";
  }

 private:
  Rng rng_;
};

Json random_stages(Draw& draw) {
  Json stages = Json::array();
  for (std::int64_t i = draw.between(1, 3); i > 0; --i) {
    stages.push_back({{"duration", draw.milliseconds(0, 4000)}, {"target", draw.between(0, 6)}});
  }
  // A profile without any load is refused.
  stages.push_back({{"duration", "1s"}, {"target", draw.between(1, 3)}});
  return stages;
}

Json random_scenario(Draw& draw) {
  const std::string_view executor =
      draw.one_of({"constant-vus", "ramping-vus", "shared-iterations", "per-vu-iterations",
                   "constant-arrival-rate", "ramping-arrival-rate", "poisson-arrival-rate"});
  Json scenario{{"executor", executor}, {"gracefulStop", draw.milliseconds(0, 3000)}};
  if (draw.chance(0.3)) scenario["startTime"] = draw.milliseconds(0, 2000);
  if (executor == "ramping-vus") {
    scenario["startVUs"] = draw.between(0, 4);
    scenario["gracefulRampDown"] = draw.milliseconds(0, 1500);
    scenario["stages"] = random_stages(draw);
  } else if (executor == "ramping-arrival-rate") {
    scenario["startRate"] = draw.between(0, 5);
    scenario["preAllocatedVUs"] = draw.between(1, 4);
    scenario["maxVUs"] = 6;
    scenario["stages"] = random_stages(draw);
  } else if (executor.ends_with("arrival-rate")) {
    scenario["rate"] = draw.between(1, 20);
    scenario["duration"] = draw.milliseconds(1000, 5000);
    scenario["preAllocatedVUs"] = draw.between(1, 4);
    scenario["maxVUs"] = 6;
  } else if (executor.ends_with("iterations")) {
    const std::int64_t vus = draw.between(1, 4);
    scenario["vus"] = vus;
    scenario["iterations"] = draw.between(vus, 20);
    scenario["maxDuration"] = draw.milliseconds(1000, 8000);
  } else {
    scenario["vus"] = draw.between(1, 5);
    scenario["duration"] = draw.milliseconds(1000, 6000);
  }
  return scenario;
}

Json random_chat_step(Draw& draw) {
  Json chat{{"prompt", draw.one_of({"Hello", "What is the capital of Portugal?", ""})},
            {"max_tokens", draw.between(1, 40)},
            {"stream", draw.chance(0.5)}};
  if (chat["stream"].get<bool>() && draw.chance(0.5)) chat["include_usage"] = true;
  Json step{{"chat", chat}, {"timeout", draw.milliseconds(50, 4000)}};
  if (draw.chance(0.4)) step["retry"] = {{"attempts", draw.between(2, 4)}};
  if (draw.chance(0.5)) step["checks"] = {{"status is 200", {{"status", 200}}}};
  return step;
}

Json random_flow(Draw& draw) {
  Json steps = Json::array();
  for (std::int64_t i = draw.between(1, 3); i > 0; --i) {
    if (draw.chance(0.2)) {
      steps.push_back({{"http", {{"path", draw.one_of({"/health", "/v1/models", "/nowhere"})}}}});
    } else {
      steps.push_back(random_chat_step(draw));
    }
  }
  // Always some think time: with an instant gateway a loop without one would not let time move.
  steps.push_back({{"sleep", draw.milliseconds(10, 1200)}});
  return steps;
}

std::string random_suite(Draw draw) {
  Json scenarios = Json::object();
  for (std::int64_t i = draw.between(1, 2); i > 0; --i) {
    scenarios["scenario_" + std::to_string(i)] = random_scenario(draw);
  }
  const Json suite{
      {"name", "sweep"},
      {"options", {{"scenarios", scenarios}, {"thresholds", {{"http_req_failed", {"rate<0.5"}}}}}},
      {"flows", {{"default", random_flow(draw)}}}};
  return suite.dump();
}

Json random_fault(Draw& draw) {
  const std::string_view kind =
      draw.one_of({"status", "latency", "slow_headers", "abort_before_headers", "reset_mid_stream",
                   "stream_error_event", "truncate_no_done", "stall", "malformed_chunk",
                   "duplicate_chunk", "empty_content", "missing_usage", "wrong_content_type",
                   "crlf_framing", "data_no_space", "split_utf8", "keepalive_only"});
  Json fault{{"kind", kind}};
  if (kind == "status") fault["status"] = draw.chance(0.5) ? 429 : 503;
  if (kind == "latency" || kind == "slow_headers") fault["delay"] = draw.milliseconds(1, 3000);
  if (kind == "stall") fault["duration"] = draw.milliseconds(1, 3000);
  return {{"match", {{"percent", draw.between(1, 60)}}}, {"fault", fault}};
}

std::string random_gateway(Draw draw) {
  Json gateway{{"profile", draw.one_of({"openai", "refgw", "litellm", "envoy", "kong", "portkey"})},
               {"latency",
                {{"ttft", {{"exponential", {{"mean", draw.milliseconds(1, 400)}}}}},
                 {"itl", {{"uniform", {"1ms", draw.milliseconds(1, 60)}}}}}},
               {"tokens", {{"output", {{"uniform", {1, draw.between(2, 60)}}}}}}};
  Json faults = Json::array();
  for (std::int64_t i = draw.between(0, 3); i > 0; --i) faults.push_back(random_fault(draw));
  gateway["faults"] = faults;
  if (draw.chance(0.3)) {
    gateway["rate_limits"] = {
        {"rules",
         {{{"algorithm", draw.one_of({"token_bucket", "fixed_window", "sliding_window_log",
                                      "sliding_window_counter", "gcra"})},
           {"window", draw.milliseconds(500, 3000)},
           {"requests", draw.between(1, 20)}}}}};
  }
  if (draw.chance(0.3)) {
    gateway["overload"] = {{"max_concurrency", draw.between(1, 4)},
                           {"queue_size", draw.between(0, 3)},
                           {"queue_timeout", draw.milliseconds(10, 1000)}};
  }
  return gateway.dump();
}

NetworkModel random_network(Draw draw, bool is_clean) {
  NetworkModel network;
  network.latency = Distribution(Distribution::Exponential{draw.real(1e-5, 0.02)});
  if (draw.chance(0.5)) network.short_read_probability = draw.real(0, 0.9);
  if (draw.chance(0.3)) network.bandwidth_bytes_per_second = draw.real(2e4, 1e7);
  if (draw.chance(0.2)) network.window_bytes = static_cast<std::uint32_t>(draw.between(64, 4096));
  if (draw.chance(0.3)) network.loss_probability = draw.real(0, 0.05);
  if (is_clean) return network;
  network.reset_probability = draw.real(0, 0.01);
  network.connect_failure_probability = draw.real(0, 0.2);
  if (draw.chance(0.3)) {
    const Duration from = from_seconds(draw.real(0, 5));
    network.partitions.push_back({from, from + from_seconds(draw.real(0.1, 3))});
  }
  return network;
}

}  // namespace

RandomCase make_random_case(std::uint64_t seed) {
  const Rng rng(seed);
  Draw draw(rng.child("case"));
  RandomCase result;
  result.suite = random_suite(Draw(rng.child("suite")));
  result.gateway = random_gateway(Draw(rng.child("gateway")));
  result.is_network_clean = draw.chance(0.5);
  result.network = random_network(Draw(rng.child("network")), result.is_network_clean);
  return result;
}

}  // namespace lab::test
