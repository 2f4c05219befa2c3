// Where a run takes place: over real sockets and the steady clock, or in virtual time against a
// gateway in this process. Nothing below asks which.
#pragma once

#include <string>

#include "loader/outputs/sample_output.h"
#include "loader/run/run.h"
#include "loader/suite/suite.h"
#include "shared/base/error.h"

namespace loader {

class World {
 public:
  virtual ~World() = default;

  /// "local"; "simulated (seed 1, gateway healthy.json)".
  [[nodiscard]] virtual std::string describe() const = 0;
  /// When a run that begins now is taken to start, for files.
  [[nodiscard]] virtual RunClock clock() const = 0;
  /// True if the same run gives the same bytes: what depends on the real time is for terminals
  /// alone then.
  [[nodiscard]] virtual bool is_repeatable() const = 0;

  /// To be called once, before anything is shown or written. The Error says what is missing, or
  /// wrong with a file of the world's own.
  [[nodiscard]] virtual lab::Result<void> open(const RunSpec& spec) = 0;
  /// Runs to the end, once. SIGINT, SIGTERM or SIGHUP interrupts the run; a second SIGINT or
  /// SIGTERM ends the process at once, with exit code 105. `suite` outlives the call.
  [[nodiscard]] virtual RunResult run(const Suite& suite, const RunSpec& spec,
                                      RunObserver observer) = 0;
};

}  // namespace loader
