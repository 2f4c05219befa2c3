#include "tests/sim/simulated_runs.h"

#include <gtest/gtest.h>

#include "shared/sim/sim_runtime.h"

namespace loader {

const char* const kChatSuite = R"({
  "name": "chat",
  "options": {
    "scenarios": {"chat": {"executor": "constant-vus", "vus": 5, "duration": "2m"}},
    "thresholds": {"http_req_failed": ["rate<0.05"], "http_req_duration": ["p(95)<15000"],
                   "llm_success_rate": ["rate>0.95"], "checks": ["rate>0.99"]}
  },
  "flows": {"default": [
    {"chat": {"prompt": "Hello"}, "timeout": "60s", "checks": {"status is 200": {"status": 200}}},
    {"sleep": "1s"}
  ]}
})";

RunCommand simulate_command(std::string suite, std::uint64_t seed) {
  RunCommand command;
  command.suite = std::move(suite);
  command.simulate = "";
  command.seed = seed;
  return command;
}

PreparedRun prepare(const RunCommand& command) {
  return prepare_run(command, make_environment({}, {}).value()).value();
}

PreparedRun prepare_text(const std::string& text) {
  Suite suite =
      read_suite({text, "text.json", std::nullopt}, {make_environment({}, {}).value(), {}}).value();
  RunSpec config;
  config.base_url = parse_url("http://localhost:8080").value();
  config.api_key = "test-api-key";
  config.seed = 1;
  return {std::move(suite), std::move(config), {}};
}

RunResult simulated(const PreparedRun& prepared, GatewayText gateway) {
  Simulation simulation(prepared.spec.seed);
  gateway.seed = prepared.spec.seed;
  auto result = simulation.run(prepared.suite, prepared.spec, gateway, {});
  EXPECT_TRUE(result.has_value()) << result.error().to_string();
  const lab::SimRuntime::Pending pending = simulation.runtime().pending();
  EXPECT_EQ(pending.events, 0u) << simulation.runtime().describe();
  EXPECT_EQ(pending.connections, 0u) << simulation.runtime().describe();
  return *std::move(result);
}

GatewayText gateway(std::string text) { return {std::move(text), "gateway.json", {}}; }

std::vector<std::string> crossed(const RunResult& result) {
  return result.thresholds.crossed_metrics();
}

const SummaryMetric& metric(const RunResult& result, std::string_view name) {
  for (const SummaryMetric& each : result.summary.metrics) {
    if (each.name == name) return each;
  }
  ADD_FAILURE() << "no metric " << name;
  static const SummaryMetric kNone{};
  return kNone;
}

double count(const RunResult& result, std::string_view name) {
  return std::get<CounterValues>(metric(result, name).values).count;
}

}  // namespace loader
