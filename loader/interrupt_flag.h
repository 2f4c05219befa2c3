// SIGINT and SIGTERM for a run that has no event loop to wait for them: the simulated one.
#pragma once

namespace loader {

/// Catches both signals while it lives; one at a time in a process. A second signal ends the
/// process at once, with exit code 105: whoever sends it has waited long enough.
class InterruptFlag {
 public:
  InterruptFlag();
  ~InterruptFlag();
  InterruptFlag(const InterruptFlag&) = delete;
  InterruptFlag& operator=(const InterruptFlag&) = delete;

  [[nodiscard]] bool is_raised() const;

 private:
  using Handler = void (*)(int);
  Handler before_interrupt_;
  Handler before_terminate_;
};

}  // namespace loader
