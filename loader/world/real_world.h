// A run over real sockets and the steady clock.
#pragma once

#include <cstddef>
#include <string>

#include "loader/world/world.h"
#include "shared/runtime/asio_runtime.h"

namespace loader {

/// What to warn of when the virtual users may need more connections than the process may have files
/// open; empty if they do not. Each keeps one, and counts whether or not it will be needed.
[[nodiscard]] std::string missing_connections(const Suite& suite, const RunSpec& spec,
                                              std::size_t open_files);

class RealWorld final : public World {
 public:
  [[nodiscard]] std::string describe() const override { return "local"; }
  [[nodiscard]] RunClock clock() const override { return {runtime_.now(), runtime_.wall_now()}; }
  [[nodiscard]] bool is_repeatable() const override { return false; }
  [[nodiscard]] lab::Result<void> open(const RunSpec&) override { return {}; }
  /// Warns if the process may not have as many files open as the run needs connections.
  [[nodiscard]] RunResult run(const Suite& suite, const RunSpec& spec,
                              RunObserver observer) override;

 private:
  lab::AsioRuntime runtime_;
};

}  // namespace loader
