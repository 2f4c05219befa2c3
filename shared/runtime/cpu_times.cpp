#include "shared/runtime/cpu_times.h"

#include <array>
#include <cstddef>
#include <ctime>
#include <fstream>
#include <numeric>
#include <sstream>

namespace lab {
namespace {

// Files of the kernel have no size before they are read.
std::optional<std::string> text_of(const std::string& path) {
  const std::ifstream file(path);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Duration cpu_time(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

ThreadTimes thread_times() {
  const auto scheduled = text_of("/proc/thread-self/schedstat");
  const auto ready = scheduled ? parse_ready_time(*scheduled) : std::nullopt;
  return {.cpu = cpu_time(CLOCK_THREAD_CPUTIME_ID), .ready = ready.value_or(Duration{})};
}

Duration process_cpu_time() { return cpu_time(CLOCK_PROCESS_CPUTIME_ID); }

std::optional<MachineTimes> machine_times() {
  const auto text = text_of("/proc/stat");
  return text ? parse_machine_times(*text) : std::nullopt;
}

std::optional<Throttling> throttling() {
  const auto text = text_of("/proc/self/cgroup");
  if (!text) return std::nullopt;
  const CpuGroups groups = parse_cpu_groups(*text);
  // A container sees its own group as the root, whatever /proc/self/cgroup calls it.
  for (const std::string& folder :
       {"/sys/fs/cgroup" + groups.v2, "/sys/fs/cgroup/cpu" + groups.v1,
        std::string("/sys/fs/cgroup"), std::string("/sys/fs/cgroup/cpu")}) {
    const auto stat = text_of(folder + "/cpu.stat");
    if (const auto found = stat ? parse_throttling(*stat) : std::nullopt) return found;
  }
  return std::nullopt;
}

std::optional<MachineTimes> parse_machine_times(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string name;
  // proc(5): user nice system idle iowait irq softirq steal; what follows is part of user.
  std::array<std::uint64_t, 8> ticks{};
  words >> name;
  for (std::uint64_t& each : ticks) words >> each;
  if (!words || name != "cpu") return std::nullopt;
  return MachineTimes{.all_ticks = std::accumulate(ticks.begin(), ticks.end(), std::uint64_t{0}),
                      .idle_ticks = ticks[3] + ticks[4],
                      .stolen_ticks = ticks[7]};
}

std::optional<Duration> parse_ready_time(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::int64_t computed = 0;
  std::int64_t ready = 0;
  words >> computed >> ready;
  if (!words) return std::nullopt;
  return std::chrono::nanoseconds(ready);
}

std::optional<Throttling> parse_throttling(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string key;
  std::int64_t value = 0;
  Throttling found;
  bool has_time = false;
  while (words >> key >> value) {
    if (key == "nr_throttled") found.periods = static_cast<std::uint64_t>(value);
    if (key == "throttled_usec") found.duration = std::chrono::microseconds(value);
    if (key == "throttled_time") found.duration = std::chrono::nanoseconds(value);
    has_time = has_time || key.starts_with("throttled_");
  }
  return has_time ? std::optional(found) : std::nullopt;
}

CpuGroups parse_cpu_groups(std::string_view text) {
  CpuGroups groups;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    // "ID:controllers:path"; the path may have colons itself.
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1) == "/" ? "" : line.substr(second + 1);
    if (controllers == ",,") groups.v2 = path;
    if (controllers.find(",cpu,") != std::string::npos) groups.v1 = path;
  }
  return groups;
}

}  // namespace lab
