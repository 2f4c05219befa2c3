#include "loader/simulate.h"

#include <cstdio>
#include <filesystem>
#include <utility>

#include "mockgw/embedded.h"
#include "shared/base/embedded_files.h"

namespace loader {
namespace {

const std::string kHealthyGateway = "healthy";
// Never reached by a run that works; a run that doesn't is stopped instead of going on for ever.
constexpr lab::Duration kTimeMax = std::chrono::hours(24 * 365);

std::string note_of(const lab::SimRuntime& runtime, std::uint64_t seed) {
  char hash[20];
  std::snprintf(hash, sizeof hash, "%016llx",
                static_cast<unsigned long long>(runtime.event_hash()));
  return "simulated " + lab::format_duration(runtime.now() - lab::TimePoint{}) + " with seed " +
         std::to_string(seed) + ", " + std::to_string(runtime.events_run()) + " events, hash " +
         hash;
}

}  // namespace

lab::Result<GatewayText> find_gateway(const std::string& name) {
  const std::string embedded = "gateways/" + (name.empty() ? kHealthyGateway : name) + ".json";
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(name, ignored)) {
    if (const auto text = lab::embedded_file(embedded)) {
      return GatewayText{std::string(*text), embedded, {}};
    }
  }
  auto text = lab::read_text_file(name);
  if (!text) return text.error();
  return GatewayText{*std::move(text), name, {}};
}

Simulation::Simulation(std::uint64_t seed, lab::NetworkModel network)
    : runtime_(lab::SimRuntime::Options{
          .seed = seed, .network = std::move(network), .time_max = kTimeMax}) {}

lab::Result<RunResult> Simulation::run(const PreparedRun& prepared, const GatewayText& gateway,
                                       RunObserver observer) {
  const lab::Endpoint endpoint{"127.0.0.1", prepared.config.base_url.port};
  const auto server =
      mockgw::EmbeddedGateway::start(runtime_, endpoint, gateway.text, gateway.file, gateway.seed);
  if (!server) return server.error();
  RunResult result;
  {
    Run run(runtime_, prepared.suite, prepared.config, std::move(observer));
    if (const auto done = runtime_.run_until_complete(run.execute()); !done) return done.error();
    result = std::move(run.result());
    result.summary.notes.push_back(note_of(runtime_, prepared.config.seed));
  }
  // The loader's connections are closed; the gateway ends its own, and then nothing may be left to
  // happen.
  (*server)->stop();
  runtime_.run();
  gateway_requests_ = (*server)->requests();
  gateway_statuses_ = (*server)->statuses();
  return result;
}

}  // namespace loader
