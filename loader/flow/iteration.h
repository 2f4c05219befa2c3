// An iteration, whatever a virtual user does in it: who it is, how it ended, what it is measured
// by.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "loader/flow/phase_tags.h"
#include "loader/flow/system_tags.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/tags.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"

namespace loader {

/// One iteration's identity. Views must live until the iteration has ended.
struct IterationContext {
  std::string_view scenario;  ///< Its name.
  /// On every sample of the iteration itself: scenario, the phase it starts in, the scenario's and
  /// the run's own tags.
  TagSetId tags{};
  /// The same for each step, by when it begins; null: `tags`. Lives until the iteration has ended.
  const PhaseTags* phases = nullptr;
  std::uint64_t vu = 1;                     ///< k6's __VU: from 1, unique in the run.
  std::uint64_t iteration_in_vu = 0;        ///< k6's __ITER.
  std::uint64_t iteration_in_scenario = 0;  ///< Unique in the scenario over all VUs and threads.
  /// Of a closed model: which of the scenario's own virtual users it is, from 1 over all threads
  /// and instances (0: none of them), and its how many-th iteration in the scenario, from 0.
  std::uint64_t place = 0;
  std::uint64_t iteration_in_place = 0;
  lab::TimePoint started{};  ///< Now: when run_iteration() is called.
  /// When the pacer wanted it to start; open models only. With it, the iteration emits
  /// iteration_start_delay when it starts and iteration_duration_intended when it completes.
  std::optional<lab::TimePoint> intended_start{};
  /// False for setup and teardown: no `iterations`, `iteration_duration` and the like.
  bool is_counted = true;
};

struct IterationOutcome {
  enum class Kind {
    completed,    ///< Failed requests and checks included.
    interrupted,  ///< Cut by cancellation.
    failed,       ///< The flow could not be carried out, for a reason that is ours (exit code 107).
    aborted,      ///< An abort step was reached (exit code 108).
    unusable,     ///< What a script's setup() has returned is no JSON, or a promise that it rejects
                  ///< (exit code 255).
  };
  Kind kind = Kind::completed;
  std::string error;  ///< Of the last three, for people.
};

/// What an iteration draws from; a child of the run's generator.
[[nodiscard]] lab::Rng rng_of(const IterationContext& iteration, const lab::Rng& of_run);
/// Of all its samples: "iter" and "vu", as far as `tags` has them. As in k6 setup has no "vu".
[[nodiscard]] std::map<std::string, std::string> metadata_of(const IterationContext& iteration,
                                                             const SystemTags& tags);
/// Of an open model, when it starts: iteration_start_delay.
void add_start_samples(Metrics& metrics, const IterationContext& iteration, TagSetId tags);
/// `iterations`, `iteration_duration` and the like of one that completed, and counts.
void add_completion_samples(Metrics& metrics, const IterationContext& iteration, TagSetId tags,
                            lab::TimePoint now);

}  // namespace loader
