// How many VUs run when: the plan of every closed load model, in k6's arithmetic (integer
// nanoseconds).
#pragma once

#include <cstdint>
#include <vector>

#include "loader/scenarios/execution_segment.h"
#include "loader/scenarios/scenario.h"
#include "shared/base/time.h"

namespace loader {

/// From `offset` after the scenario's start on there are `vus` VUs.
struct VuStep {
  lab::Duration offset{};
  std::uint64_t vus = 0;
  friend bool operator==(const VuStep&, const VuStep&) = default;
};

/// Both lists start at offset 0, ascend, change the level with each step, and end at level 0. VUs
/// are numbered from 0; a level of n means that VUs 0 … n-1 have it, so the one that started last
/// retires first.
struct VuPlan {
  std::vector<VuStep> active;  ///< VUs that start new iterations.
  std::vector<VuStep>
      reserved;  ///< VUs that may still finish one; past it they are cut. Never below `active`.
};

/// N VUs for `duration`, with `graceful_stop` for the iterations under way at its end.
[[nodiscard]] VuPlan constant_vus_plan(std::uint64_t vus, lab::Duration duration,
                                       lab::Duration graceful_stop);

/// The plan of ramping-vus. Going up from a to b within D, VU number n (from 1) starts at end -
/// trunc(D(b-n)/(b-a)); going down the n-th retires at end - trunc(D(b-n+1)/(b-a)). A retired VU
/// stays reserved for gracefulRampDown; after the last stage all of them for at most gracefulStop.
[[nodiscard]] VuPlan ramping_vus_plan(const RampingVus& model, lab::Duration graceful_stop,
                                      const ExecutionShare& share);

/// For each instant the highest level that `steps` had within the `window` before it; steps at or
/// after `end` are left out, and a last step to zero is there.
[[nodiscard]] std::vector<VuStep> reserve_ramp_downs(const std::vector<VuStep>& steps,
                                                     lab::Duration window, lab::Duration end);

}  // namespace loader
