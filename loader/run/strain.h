// What a run has to do with its own lateness: how late its threads were, and what they and the
// machine had to do. Plain values, of threads and of processes, that can be added up.
#pragma once

#include <cstdint>
#include <optional>

#include "loader/metrics/trend.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// From this lateness on, in milliseconds, a second is one in which the loader was late, and a part
/// of a run the bottleneck if the others are not as late.
inline constexpr double kLateWait = 50;

/// What was watched for less has no shares of time to speak of.
inline constexpr lab::Duration kWatchedMin = std::chrono::seconds(1);

/// Of one thread.
struct ThreadStrain {
  Trend reads{};   ///< How long what came at any moment waited to be read, in milliseconds.
  Trend timers{};  ///< How late each sleep ended, in milliseconds.
  lab::Duration watched{};
  lab::Duration cpu{};    ///< Of that it computed so long, and
  lab::Duration ready{};  ///< could have, but waited for a CPU.

  void add(const ThreadStrain& other);
};

/// Of a process; of several, the sum or the worst, as it says.
struct Strain {
  Trend reads{};  ///< Of all threads.
  Trend timers{};
  lab::Duration watched{};    ///< The longest.
  double busiest_thread = 0;  ///< The largest share of CPU time of a thread, 0..1.
  double ready_share = 0;     ///< The largest share of time that a thread waited for a CPU, 0..1.
  double cpus = 0;            ///< In use on average; the sum.
  std::optional<double> machine_idle{};      ///< 0..1; the least. None: unknown, as below.
  std::optional<double> machine_stolen{};    ///< 0..1; the most.
  std::optional<lab::Duration> throttled{};  ///< The sum.
  lab::Duration held_by_outputs{};           ///< The sum.
  std::uint64_t late_drops = 0;  ///< Iterations dropped while the loader was late; the sum.
  bool shares_machine = false;   ///< With the gateway; any.

  void add(const ThreadStrain& thread);
  void add(const Strain& process);
};

/// What the verdict on a run of several processes needs to know of each, to be kept elsewhere. All
/// as in Strain; without reads nobody has watched.
struct StrainRecord {
  TrendRecord reads{};
  TrendRecord timers{};
  lab::Duration watched{};
  double busiest_thread = 0;
  double ready_share = 0;
  double cpus = 0;
  double machine_stolen = 0;
  lab::Duration throttled{};
  lab::Duration held_by_outputs{};
  std::uint64_t late_drops = 0;
  [[nodiscard]] bool is_empty() const { return reads.values.empty() && reads.buckets.empty(); }
};
[[nodiscard]] StrainRecord record_of(const Strain& strain);
/// The Error says what nobody could have recorded.
[[nodiscard]] lab::Result<Strain> strain_of(const StrainRecord& record);

}  // namespace loader
