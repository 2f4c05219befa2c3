// What a run watches of its own process and machine while its scenarios run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "loader/run/run_spec.h"
#include "loader/run/strain.h"
#include "loader/run/thread_watch.h"
#include "shared/base/time.h"
#include "shared/runtime/cpu_times.h"
#include "shared/runtime/runtime.h"

namespace loader {

/// Whether a gateway of this host name can be no other machine than this.
[[nodiscard]] bool is_this_machine(const std::string& host);

/// Everything happens on the runtime's thread, one of those that make the load.
class SelfWatch {
 public:
  /// From this wait on the user is told at once, and
  static constexpr lab::Duration kStarved = std::chrono::milliseconds(250);
  /// so long not again.
  static constexpr lab::Duration kWarnInterval = std::chrono::minutes(1);

  /// `runtime` outlives it; `tell` is the run's.
  SelfWatch(lab::Runtime& runtime, RunSpec::TellLateness tell);
  ~SelfWatch();
  SelfWatch(const SelfWatch&) = delete;
  SelfWatch& operator=(const SelfWatch&) = delete;

  void start();
  /// To be called each second, with the longest recent wait of the other threads, and how many
  /// iterations were dropped so far. What it returns is to be told at once.
  std::optional<std::string> look(lab::Duration others_wait, std::uint64_t dropped);
  void stop();
  /// Without what other threads have to add.
  [[nodiscard]] Strain strain() const;

 private:
  struct Readings {
    lab::TimePoint at{};
    lab::Duration cpu{};
    std::optional<lab::MachineTimes> machine{};
    std::optional<lab::Throttling> throttling{};
  };
  [[nodiscard]] Readings read() const;

  lab::Runtime& runtime_;
  RunSpec::TellLateness tell_;
  ThreadWatch thread_;
  Readings first_{};
  Readings last_{};
  std::uint64_t dropped_ = 0;
  std::uint64_t late_drops_ = 0;
  std::optional<lab::TimePoint> warned_{};
};

}  // namespace loader
