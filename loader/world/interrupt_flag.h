// SIGINT and SIGTERM of a run: the first is noted, a second ends the process.
#pragma once

namespace loader {

/// Catches both signals while it lives; one at a time in a process. A second signal ends the
/// process at once, with exit code 105, whatever it is doing: whoever sends it has waited long
/// enough. Who caught a signal before is still told of the first.
class InterruptFlag {
 public:
  InterruptFlag();
  ~InterruptFlag();
  InterruptFlag(const InterruptFlag&) = delete;
  InterruptFlag& operator=(const InterruptFlag&) = delete;

  /// For a run that has no event loop to wait for signals: the simulated one.
  [[nodiscard]] bool is_raised() const;
};

}  // namespace loader
