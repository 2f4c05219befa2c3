#include "loader/scenarios/scenario_share.h"

#include <type_traits>

#include "loader/scenarios/execution_plan.h"

namespace loader {
namespace {

// k6's GetNewExecutionTupleFromValue is asked with these; the other models count per VU.
std::optional<std::uint64_t> vus_that_share_starts(const LoadModel& model) {
  return std::visit(
      []<class Model>(const Model& m) -> std::optional<std::uint64_t> {
        if constexpr (std::is_same_v<Model, SharedIterations>) {
          return m.vus;
        } else if constexpr (requires { m.vus.max; }) {
          return m.vus.max;
        } else {
          return std::nullopt;
        }
      },
      model);
}

}  // namespace

std::optional<ScenarioShare> scenario_share(const LoadModel& model, const ExecutionShare& share) {
  const auto sharing = vus_that_share_starts(model);
  const auto starts = sharing ? share.by_vus(*sharing) : std::optional(share);
  if (!starts) return std::nullopt;
  if (const auto* const shared = std::get_if<SharedIterations>(&model)) {
    if (starts->scale(shared->iterations) == 0) return std::nullopt;
  }
  Scenario alone;
  alone.model = model;
  if (plan_execution({alone}, share).vus_max == 0) return std::nullopt;
  return ScenarioShare{share, *starts};
}

std::optional<std::uint64_t> counted_iterations(const LoadModel& model,
                                                const ScenarioShare& share) {
  if (const auto* shared = std::get_if<SharedIterations>(&model)) {
    return share.starts.scale(shared->iterations);
  }
  if (const auto* each = std::get_if<PerVuIterations>(&model)) {
    return share.vus.scale(each->vus) * each->iterations;
  }
  return std::nullopt;
}

}  // namespace loader
