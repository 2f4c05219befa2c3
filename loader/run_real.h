// A run over real sockets and the steady clock, which signals can end.
#pragma once

#include "loader/outputs/sample_output.h"
#include "loader/run/run.h"
#include "loader/run_preparation.h"
#include "shared/runtime/asio_runtime.h"

namespace loader {

class RealWorld {
 public:
  /// When the run is taken to start, for files.
  [[nodiscard]] RunClock clock() const { return {runtime_.now(), runtime_.wall_now()}; }

  /// Runs to the end. SIGINT or SIGTERM interrupts the run; a second one ends the process at once,
  /// with exit code 105.
  [[nodiscard]] RunResult run(const PreparedRun& prepared, RunObserver observer);

 private:
  lab::AsioRuntime runtime_;
};

}  // namespace loader
