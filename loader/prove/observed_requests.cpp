#include "loader/prove/observed_requests.h"

#include <utility>

#include "loader/world/simulation.h"
#include "shared/base/json.h"
#include "shared/base/json_reader.h"

namespace loader {

lab::Result<void> observe_requests(Suite& suite, const RunSpec& spec, const SoundWorld& sound) {
  if (!suite.script || suite.scenarios.empty()) return {};
  lab::JsonProblems problems("network");
  const auto network = lab::read_network_model(lab::JsonValue(*sound.network, "", problems));
  Simulation simulation(spec.seed, network);
  RunObserver observer;
  std::vector<Step> seen;
  observer.request_seen = [&seen](Step step) { seen.push_back(std::move(step)); };
  const auto result =
      simulation.run(suite, spec, {sound.gateway->dump(), sound.gateway_file, {}}, observer);
  if (!result) return result.error();
  suite.scenarios.front().flow.steps = std::move(seen);
  return {};
}

}  // namespace loader
