#include "loader/scenarios/execution_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

#include "loader/scenarios/saturation_search.h"

namespace loader {
namespace {

std::optional<VuPoolSize> pool_of(const LoadModel& model) {
  return std::visit(
      []<class Model>(const Model& m) -> std::optional<VuPoolSize> {
        if constexpr (requires { m.vus.max; }) {
          return m.vus;
        } else {
          return std::nullopt;
        }
      },
      model);
}

// `vus` of an open model, from the start until the last may end.
VuPlan pool_plan(const Scenario& scenario, std::uint64_t vus) {
  lab::Duration duration = regular_duration(scenario.model);
  if (const auto* const search = std::get_if<SaturationSearch>(&scenario.model)) {
    // Between two levels there may be a graceful stop.
    const auto levels = static_cast<std::int64_t>(search_levels_max(*search));
    duration += scenario.graceful_stop * (levels - 1);
  }
  return constant_vus_plan(vus, duration, scenario.graceful_stop);
}

/// Levels of several scenarios, added up over time.
class LevelSum {
 public:
  void add(const std::vector<VuStep>& steps, lab::Duration start) {
    std::int64_t before = 0;
    for (const VuStep& step : steps) {
      const auto level = static_cast<std::int64_t>(step.vus);
      changes_[start + step.offset] += level - before;
      before = level;
    }
  }
  [[nodiscard]] std::uint64_t highest() const {
    std::int64_t level = 0;
    std::int64_t most = 0;
    for (const auto& [offset, change] : changes_) {
      level += change;
      most = std::max(most, level);
    }
    return static_cast<std::uint64_t>(most);
  }

 private:
  std::map<lab::Duration, std::int64_t> changes_;
};

}  // namespace

VuPlan plan_vus(const Scenario& scenario, const ExecutionShare& share) {
  return std::visit(
      [&]<class Model>(const Model& model) {
        if constexpr (std::is_same_v<Model, RampingVus>) {
          return ramping_vus_plan(model, scenario.graceful_stop, share);
        } else if constexpr (requires { model.vus.max; }) {
          return pool_plan(scenario, share.scale(model.vus.pre_allocated));
        } else {
          return constant_vus_plan(share.scale(model.vus), regular_duration(scenario.model),
                                   scenario.graceful_stop);
        }
      },
      scenario.model);
}

ExecutionPlan plan_execution(const std::vector<Scenario>& scenarios, const ExecutionShare& share) {
  ExecutionPlan plan;
  LevelSum planned;
  LevelSum possible;
  for (const Scenario& scenario : scenarios) {
    const VuPlan least = plan_vus(scenario, share);
    const auto pool = pool_of(scenario.model);
    const VuPlan most = pool ? pool_plan(scenario, share.scale(pool->max)) : least;
    planned.add(least.reserved, scenario.start_time);
    possible.add(most.reserved, scenario.start_time);
    plan.duration_max =
        std::max(plan.duration_max, scenario.start_time + most.reserved.back().offset);
  }
  plan.vus_planned = planned.highest();
  plan.vus_max = possible.highest();
  return plan;
}

}  // namespace loader
