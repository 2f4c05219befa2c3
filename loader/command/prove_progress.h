// How far proving is, on a terminal: a line that is written over and over.
#pragma once

#include "loader/command/run_command.h"
#include "loader/prove/prover.h"
#include "loader/world/real_world.h"
#include "shared/base/time.h"

namespace loader {

class ProofProgressLine {
 public:
  /// Nothing is shown if `is_quiet`, or where errors are not shown on a terminal. The console
  /// outlives it.
  ProofProgressLine(const Console& console, bool is_quiet);

  void show(const ProofProgress& progress);
  /// Before anything else is written.
  void clear();

 private:
  const Console& console_;
  bool is_shown_;
  RealWorld world_;  ///< Its clock alone.
  lab::TimePoint started_;
  lab::Duration shown_{};
};

}  // namespace loader
