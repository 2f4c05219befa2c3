#include "loader/command/inspect_flags.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace loader {
namespace {

constexpr std::string_view kOfInspect = "json";

// What a run leaves, when it begins, and what it draws. Those of k6 that `k6 inspect` takes as well
// are not among them: --no-thresholds, --no-summary, --summary-mode and --summary-export.
constexpr auto kOfRun = std::to_array<std::string_view>(
    {"seed", "mergeable", "start-at", "start-together", "no-data", "out", "samples",
     "no-llm-metrics", "summary-file", "junit", "markdown", "html", "dashboard", "console-output"});

bool is_of_run(std::string_view flag) { return std::ranges::find(kOfRun, flag) != kOfRun.end(); }

bool is_argument(const CommandFlags& flags, std::string_view name) {
  const auto setting = flags.find(std::string(name));
  return setting && setting->is_argument();
}

}  // namespace

std::vector<lab::Flag> flags_of_run() {
  std::vector<lab::Flag> flags(run_flags().begin(), run_flags().end());
  std::erase_if(flags, [](const lab::Flag& flag) { return flag.name == kOfInspect; });
  return flags;
}

std::vector<lab::Flag> flags_of_inspect() {
  std::vector<lab::Flag> flags(run_flags().begin(), run_flags().end());
  std::erase_if(flags, [](const lab::Flag& flag) { return is_of_run(flag.name); });
  return flags;
}

lab::Result<void> check_flags_of_run(const CommandFlags& flags) {
  if (!is_argument(flags, kOfInspect)) return {};
  return lab::Error{"--json",
                    "is for loader inspect, which prints the suite's file; a run writes its "
                    "summary as JSON to the file of --summary-file"};
}

lab::Result<void> check_flags_of_inspect(const CommandFlags& flags) {
  for (const std::string_view flag : kOfRun) {
    if (!is_argument(flags, flag)) continue;
    return lab::Error{"--" + std::string(flag),
                      "is for loader run; loader inspect runs nothing and writes no files, leave "
                      "it out"};
  }
  return {};
}

}  // namespace loader
