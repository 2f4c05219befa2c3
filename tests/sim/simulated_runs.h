// Whole runs of suites in virtual time, for tests: against a gateway in process, and what came of
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loader/command/run_preparation.h"
#include "loader/world/simulation.h"

namespace loader {

/// Chats of five VUs, two minutes long, with thresholds on failures, durations and checks.
extern const char* const kChatSuite;

[[nodiscard]] RunCommand simulate_command(std::string suite, std::uint64_t seed = 1);
[[nodiscard]] PreparedRun prepare(const RunCommand& command);
[[nodiscard]] PreparedRun prepare_text(const std::string& suite);

[[nodiscard]] GatewayText gateway(std::string text);
/// A whole simulated run, and proof that nothing is left afterwards.
[[nodiscard]] RunResult simulated(const PreparedRun& prepared,
                                  GatewayText gateway = find_gateway("").value());

/// The metrics whose thresholds were crossed.
[[nodiscard]] std::vector<std::string> crossed(const RunResult& result);
/// Fails the test if there is no such metric.
[[nodiscard]] const SummaryMetric& metric(const RunResult& result, std::string_view name);
/// Of a counter.
[[nodiscard]] double count(const RunResult& result, std::string_view name);

}  // namespace loader
