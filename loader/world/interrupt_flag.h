// SIGINT, SIGTERM and SIGHUP of a run: the first is noted, a second ends the process.
#pragma once

namespace loader {

/// Catches the signals while it lives; one at a time in a process. A second SIGINT or SIGTERM ends
/// the process at once, with exit code 105, whatever it is doing: whoever sends it has waited long
/// enough. SIGHUP, of a terminal that is lost, is a SIGTERM that may come any number of times, also
/// afterwards; under nohup it stays ignored. Who caught a signal before is still told of the first.
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
