#include "loader/world/simulated_world.h"

#include <utility>

#include "loader/world/interrupt_flag.h"

namespace loader {

SimulatedWorld::SimulatedWorld(std::string gateway, std::optional<std::uint64_t> gateway_seed,
                               std::uint64_t seed, lab::NetworkModel network)
    : gateway_(std::move(gateway)),
      gateway_seed_(gateway_seed),
      seed_(seed),
      simulation_(seed, std::move(network)) {}

std::string SimulatedWorld::describe() const {
  return "simulated (seed " + std::to_string(seed_) + ", gateway " + gateway_file_ + ")";
}

lab::Result<void> SimulatedWorld::open(const RunSpec& spec) {
  auto gateway = find_gateway(gateway_);
  if (!gateway) return gateway.error();
  gateway->seed = gateway_seed_;
  gateway_file_ = gateway->file;
  return simulation_.start(spec, *gateway);
}

RunResult SimulatedWorld::run(const Suite& suite, const RunSpec& spec, RunObserver observer) {
  const InterruptFlag interrupt;
  observer.is_interrupted = [&interrupt] { return interrupt.is_raised(); };
  if (observer.progress) {
    observer.progress = [this, show = std::move(observer.progress), start = real_.now(),
                         interval = observer.progress_interval,
                         last = lab::Duration::zero()](RunProgress progress) mutable {
      const lab::Duration real = real_.now() - start;
      if (real - last < interval) return;
      last = real;
      const double speed_up = lab::to_seconds(progress.elapsed) / lab::to_seconds(real);
      progress.note = "virtual, " + std::to_string(static_cast<std::uint64_t>(speed_up)) + "x";
      show(progress);
    };
    // A whole second is when the run looks around anyway: watching it adds no event to it.
    observer.progress_interval = std::chrono::seconds(1);
  }
  return simulation_.run(suite, spec, std::move(observer));
}

}  // namespace loader
