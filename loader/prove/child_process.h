// A command of the user's, run by the shell in a process group of its own.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct ChildCommand {
  std::string command;  ///< As `sh -c` takes it.
  /// Over the process's own environment.
  std::vector<std::pair<std::string, std::string>> environment;
  std::string output;  ///< The file that its output and its errors go to, anew.
  lab::Duration timeout{};
};

struct ChildEnd {
  enum class How : std::uint8_t { exited, killed_by_signal, timed_out, cancelled };
  How how = How::exited;
  int code = 0;  ///< The exit code, or the signal's number.
};

/// Asked every tenth of a second.
struct ChildWatch {
  std::function<lab::TimePoint()> now;
  std::function<bool()> is_cancelled;
};

/// Waits for it to end. What it has started in its group ends with it, at its time-out, or when
/// is_cancelled() says so: by SIGTERM, and by SIGKILL two seconds later. The Error says why it
/// could not be started.
[[nodiscard]] lab::Result<ChildEnd> run_child(const ChildCommand& command, const ChildWatch& watch);

}  // namespace loader
