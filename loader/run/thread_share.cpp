#include "loader/run/thread_share.h"

#include <algorithm>

#include "loader/scenarios/execution_plan.h"

namespace loader {

std::vector<ThreadShare> share_among_threads(const std::vector<Scenario>& scenarios,
                                             const ExecutionShare& share, std::uint64_t threads) {
  // How many threads each scenario can use.
  std::vector<std::uint64_t> parts;
  std::uint64_t useful = 0;
  for (const Scenario& scenario : scenarios) {
    const std::uint64_t vus = plan_execution({scenario}, share).vus_planned;
    parts.push_back(std::clamp<std::uint64_t>(vus, 1, threads));
    useful += parts.back();
  }
  const std::uint64_t count = std::clamp<std::uint64_t>(useful, 1, threads);
  std::vector<ThreadShare> shares(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    shares[i].vus = share.split(i, count);
    shares[i].scenarios.resize(scenarios.size());
  }
  std::uint64_t next = 0;
  for (std::size_t scenario = 0; scenario < scenarios.size(); ++scenario) {
    const auto whole = scenario_share(scenarios[scenario].model, share);
    if (!whole) continue;
    for (std::uint64_t part = 0; part < parts[scenario]; ++part, ++next) {
      shares[next % count].scenarios[scenario] = whole->split(part, parts[scenario]);
    }
  }
  return shares;
}

}  // namespace loader
