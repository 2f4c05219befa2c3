#include "loader/world/simulation.h"

#include <cstdio>
#include <utility>

#include "mockgw/embedded.h"
#include "shared/base/named_file.h"

namespace loader {
namespace {

const std::string kHealthyGateway = "healthy";
// Never reached by a run that works; a run that doesn't is stopped instead of going on for ever.
constexpr lab::Duration kTimeMax = std::chrono::hours(24 * 365);

SimulationRecord record_of(const lab::SimRuntime& runtime, std::uint64_t seed) {
  char hash[20];
  std::snprintf(hash, sizeof hash, "%016llx",
                static_cast<unsigned long long>(runtime.event_hash()));
  return {.seed = seed, .events = runtime.events_run(), .hash = hash};
}

std::string note_of(const SimulationRecord& record, lab::Duration virtual_time) {
  return "simulated " + lab::format_duration(virtual_time) + " with seed " +
         std::to_string(record.seed) + ", " + std::to_string(record.events) + " events, hash " +
         record.hash;
}

// An instant without end is of a flow that loops without ever waiting; nothing else is the suite's.
ExitCode exit_code_of(lab::SimRuntime::End end) {
  return end == lab::SimRuntime::End::steps_limit ? ExitCode::flow_failed : ExitCode::failure;
}

std::string sentence_of(lab::SimRuntime::End end, const lab::Error& error) {
  const std::string cause =
      end == lab::SimRuntime::End::steps_limit ? "a flow that never waits?" : "";
  return "the simulation was given up: " + error.what + (cause.empty() ? "" : " (" + cause + ")") +
         "; " + error.where;
}

}  // namespace

lab::Result<GatewayText> find_gateway(const std::string& name) {
  auto named = lab::find_named_file("gateways", name.empty() ? kHealthyGateway : name, "gateway");
  if (!named) return named.error();
  return GatewayText{std::move(named->text), std::move(named->file), {}};
}

lab::Result<std::vector<std::string>> shared_limits(const GatewayText& gateway) {
  return mockgw::shared_limits(gateway.text, gateway.file);
}

Simulation::Simulation(std::uint64_t seed, lab::NetworkModel network)
    : runtime_(lab::SimRuntime::Options{
          .seed = seed, .network = std::move(network), .time_max = kTimeMax}) {}

Simulation::Simulation(lab::SimRuntime::Options options) : runtime_(std::move(options)) {}

Simulation::~Simulation() = default;

lab::Result<void> Simulation::start(const RunSpec& spec, const GatewayText& gateway) {
  const lab::Endpoint endpoint{"127.0.0.1", spec.base_url.port};
  auto server =
      mockgw::EmbeddedGateway::start(runtime_, endpoint, gateway.text, gateway.file, gateway.seed);
  if (!server) return server.error();
  server_ = *std::move(server);
  return {};
}

RunResult Simulation::run(const Suite& suite, const RunSpec& spec, RunObserver observer) {
  const auto is_interrupted = observer.is_interrupted;
  auto run = std::make_unique<Run>(runtime_, suite, spec, std::move(observer));
  if (is_interrupted) {
    // Not at instants of virtual time: one of them may take as long as the user's patience.
    runtime_.look_around([&run, &is_interrupted] {
      if (is_interrupted()) run->interrupt();
    });
  }
  const auto done = runtime_.run_until_complete(run->execute());
  runtime_.look_around({});
  if (!done) run->give_up(exit_code_of(runtime_.end()), sentence_of(runtime_.end(), done.error()));
  const SimulationRecord record = record_of(runtime_, spec.seed);
  RunResult result = std::move(run->result());
  result.summary.notes.push_back(note_of(record, runtime_.now() - lab::TimePoint{}));
  result.summary.simulation = record;
  if (done) {
    run.reset();
    end_world(result);
  } else {
    // Its coroutines use the run and the gateway, which end here.
    runtime_.abandon();
  }
  server_.reset();
  return result;
}

lab::Result<RunResult> Simulation::run(const Suite& suite, const RunSpec& spec,
                                       const GatewayText& gateway, RunObserver observer) {
  if (const auto started = start(spec, gateway); !started) return started.error();
  return run(suite, spec, std::move(observer));
}

// The loader's connections are closed; the gateway ends its own, and then nothing may be left to
// happen.
void Simulation::end_world(RunResult& result) {
  server_->stop();
  runtime_.run();
  gateway_requests_ = server_->requests();
  gateway_statuses_ = server_->statuses();
  server_.reset();
  const lab::SimRuntime::Pending pending = runtime_.pending();
  const bool is_quiet = pending.events + pending.connections + pending.listeners == 0;
  if (is_quiet && runtime_.end() == lab::SimRuntime::End::quiescent) return;
  result.errors.push_back("the simulated world did not come to rest: " + runtime_.describe());
  if (result.exit_code == ExitCode::ok) result.exit_code = ExitCode::failure;
}

}  // namespace loader
