// The same run in virtual time, against a gateway in this process: for commands, for tests, and
// for whoever makes many of them. Nothing is shared between two.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loader/outputs/sample_output.h"
#include "loader/run/run.h"
#include "loader/suite/suite.h"
#include "shared/base/error.h"
#include "shared/sim/sim_runtime.h"

namespace mockgw {
class EmbeddedGateway;
}

namespace loader {

/// A gateway file.
struct GatewayText {
  std::string text;
  std::string file;                   ///< Its name, for errors.
  std::optional<std::uint64_t> seed;  ///< Over the file's.
};

/// The gateway that --simulate names: a file, an embedded one ("slow"), or, for "", the healthy
/// one.
[[nodiscard]] lab::Result<GatewayText> find_gateway(const std::string& name);

/// What of it depends on the requests of all its clients together, by the names of its sections: in
/// runs of several processes each has such limits for itself.
[[nodiscard]] lab::Result<std::vector<std::string>> shared_limits(const GatewayText& gateway);

/// One simulated world, for one run.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed, lab::NetworkModel network = {});
  explicit Simulation(lab::SimRuntime::Options options);
  ~Simulation();

  /// When the run starts, in the simulated world.
  [[nodiscard]] RunClock clock() const { return {runtime_.now(), runtime_.wall_now()}; }

  /// Starts the gateway, once, where the run expects it. The Error says what is wrong with its
  /// file.
  [[nodiscard]] lab::Result<void> start(const RunSpec& spec, const GatewayText& gateway);
  /// Runs to the end, against the gateway that was started. The same suite, gateway and seed give
  /// the same result, to the last byte of its summary. A simulated world that comes to a standstill
  /// or meets a bound is a result too, whose errors say so.
  [[nodiscard]] RunResult run(const Suite& suite, const RunSpec& spec, RunObserver observer);
  /// Both.
  [[nodiscard]] lab::Result<RunResult> run(const Suite& suite, const RunSpec& spec,
                                           const GatewayText& gateway, RunObserver observer);
  [[nodiscard]] const lab::SimRuntime& runtime() const { return runtime_; }
  /// What the gateway of the last run() has counted itself, to hold against what the loader has:
  /// its requests, and by status those that came to an end.
  [[nodiscard]] std::uint64_t gateway_requests() const { return gateway_requests_; }
  [[nodiscard]] const std::map<unsigned, std::uint64_t>& gateway_statuses() const {
    return gateway_statuses_;
  }

 private:
  void end_world(RunResult& result);

  lab::SimRuntime runtime_;
  std::unique_ptr<mockgw::EmbeddedGateway> server_;
  std::uint64_t gateway_requests_ = 0;
  std::map<unsigned, std::uint64_t> gateway_statuses_;
};

}  // namespace loader
