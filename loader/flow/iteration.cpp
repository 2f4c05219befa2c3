#include "loader/flow/iteration.h"

namespace loader {

lab::Rng rng_of(const IterationContext& iteration, const lab::Rng& of_run) {
  const lab::Rng scenario = of_run.child("scenario", iteration.scenario);
  // Which virtual user takes an arrival depends on who is idle, so an open model's iteration is
  // known by its number alone. A closed model's belongs to its virtual user, which is known by its
  // place in the scenario: its number in the run depends on what other scenarios have, and that is
  // another thing in a part of the run than in the whole.
  if (iteration.intended_start) return scenario.child("arrival", iteration.iteration_in_scenario);
  return scenario.child("iteration", iteration.place, iteration.iteration_in_place);
}

std::map<std::string, std::string> metadata_of(const IterationContext& iteration,
                                               const SystemTags& tags) {
  std::map<std::string, std::string> values;
  if (!tags.have_metadata()) return values;
  if (tags.has("iter")) values.emplace("iter", std::to_string(iteration.iteration_in_vu));
  if (tags.has("vu") && iteration.vu != 0) values.emplace("vu", std::to_string(iteration.vu));
  return values;
}

void add_start_samples(Metrics& metrics, const IterationContext& iteration, TagSetId tags) {
  if (!iteration.intended_start) return;
  metrics.add(BuiltinMetrics::iteration_start_delay,
              lab::to_milliseconds(iteration.started - *iteration.intended_start), tags,
              iteration.started);
}

void add_completion_samples(Metrics& metrics, const IterationContext& iteration, TagSetId tags,
                            lab::TimePoint now) {
  if (!iteration.is_counted) return;
  metrics.add(BuiltinMetrics::iterations, 1, tags, now);
  metrics.add(BuiltinMetrics::iteration_duration, lab::to_milliseconds(now - iteration.started),
              tags, now);
  if (iteration.intended_start) {
    metrics.add(BuiltinMetrics::iteration_duration_intended,
                lab::to_milliseconds(now - *iteration.intended_start), tags, now);
  }
}

}  // namespace loader
