// What the operating system says of CPU time: a thread's, the process's, the machine's, and what a
// quota has taken away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/time.h"

namespace lab {

/// Since the thread began.
struct ThreadTimes {
  Duration cpu{};  ///< It computed.
  /// It could have, but others had the CPU: the kernel's run queue delay. Zero where the kernel
  /// does not keep it.
  Duration ready{};
};
/// Of the calling thread.
[[nodiscard]] ThreadTimes thread_times();
/// Of all threads of this process, since it began.
[[nodiscard]] Duration process_cpu_time();

/// Of all CPUs together, since the machine's start; in the kernel's ticks, of which shares are
/// made.
struct MachineTimes {
  std::uint64_t all_ticks = 0;
  std::uint64_t idle_ticks = 0;    ///< Waiting for a disk included.
  std::uint64_t stolen_ticks = 0;  ///< The hypervisor had them for others.
};
/// None where there is no /proc/stat.
[[nodiscard]] std::optional<MachineTimes> machine_times();

/// What the CPU quota of this process's control group has held back, since the group was made.
struct Throttling {
  std::uint64_t periods = 0;  ///< In which it was.
  Duration duration{};
};
/// Of cgroup v2, or v1's controller `cpu`. None if there is no such group or it can't be read.
[[nodiscard]] std::optional<Throttling> throttling();

// What the files say.

/// /proc/stat.
[[nodiscard]] std::optional<MachineTimes> parse_machine_times(std::string_view text);
/// /proc/thread-self/schedstat: the time that the thread was ready.
[[nodiscard]] std::optional<Duration> parse_ready_time(std::string_view text);
/// cpu.stat, of either version.
[[nodiscard]] std::optional<Throttling> parse_throttling(std::string_view text);
/// The process's group as /proc/self/cgroup has it: of v1's controller `cpu`, "" if there is none;
/// and of v2.
struct CpuGroups {
  std::string v1{};
  std::string v2{};
};
[[nodiscard]] CpuGroups parse_cpu_groups(std::string_view text);

}  // namespace lab
