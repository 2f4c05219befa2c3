#include "loader/scenarios/ramping_vus.h"

#include <cassert>
#include <cstddef>
#include <deque>

namespace loader {
namespace {

__extension__ using Int128 = __int128;

void add_step(std::vector<VuStep>& steps, lab::Duration offset, std::uint64_t vus) {
  if (!steps.empty() && steps.back().vus == vus) return;
  // Of several changes at one instant only the last is a level that lasts.
  if (!steps.empty() && steps.back().offset == offset) {
    steps.back().vus = vus;
    if (steps.size() > 1 && steps[steps.size() - 2].vus == vus) steps.pop_back();
    return;
  }
  steps.push_back({offset, vus});
}

// D * part / whole before the stage's end; Go's integer division, but without its overflow past 24
// days x 1000 VUs.
lab::Duration before_end(lab::Duration duration, std::uint64_t part, std::uint64_t whole) {
  return lab::Duration(
      static_cast<std::int64_t>(static_cast<Int128>(duration.count()) * part / whole));
}

void add_ramp_up(std::vector<VuStep>& steps, lab::Duration stage_end, const Stage& stage,
                 std::uint64_t from, const ExecutionShare& share) {
  for (std::uint64_t n = from + 1; n <= stage.target; ++n) {
    if (!share.owns(n - 1)) continue;
    add_step(steps, stage_end - before_end(stage.duration, stage.target - n, stage.target - from),
             share.scale(n));
  }
}

void add_ramp_down(std::vector<VuStep>& steps, lab::Duration stage_end, const Stage& stage,
                   std::uint64_t from, const ExecutionShare& share) {
  for (std::uint64_t n = from; n > stage.target; --n) {
    if (!share.owns(n - 1)) continue;
    add_step(steps,
             stage_end - before_end(stage.duration, n - 1 - stage.target, from - stage.target),
             share.scale(n - 1));
  }
}

std::vector<VuStep> active_steps(const RampingVus& model, const ExecutionShare& share) {
  std::vector<VuStep> steps{{lab::Duration::zero(), share.scale(model.start_vus)}};
  lab::Duration stage_end{};
  std::uint64_t from = model.start_vus;
  for (const Stage& stage : model.stages) {
    stage_end += stage.duration;
    if (stage.duration == lab::Duration::zero()) {
      add_step(steps, stage_end, share.scale(stage.target));
    } else if (stage.target > from) {
      add_ramp_up(steps, stage_end, stage, from, share);
    } else {
      add_ramp_down(steps, stage_end, stage, from, share);
    }
    from = stage.target;
  }
  return steps;
}

}  // namespace

VuPlan constant_vus_plan(std::uint64_t vus, lab::Duration duration, lab::Duration graceful_stop) {
  VuPlan plan;
  add_step(plan.active, lab::Duration::zero(), vus);
  add_step(plan.active, duration, 0);
  add_step(plan.reserved, lab::Duration::zero(), vus);
  add_step(plan.reserved, duration + graceful_stop, 0);
  return plan;
}

VuPlan ramping_vus_plan(const RampingVus& model, lab::Duration graceful_stop,
                        const ExecutionShare& share) {
  const lab::Duration regular = regular_duration(LoadModel(model));
  VuPlan plan;
  plan.active = active_steps(model, share);
  plan.reserved =
      reserve_ramp_downs(plan.active, model.graceful_ramp_down, regular + graceful_stop);
  add_step(plan.active, regular, 0);
  return plan;
}

// A sliding-window maximum over a step function. k6 (ramping_vus.go,
// reserveVUsForGracefulRampDowns) looks ahead from each downward step instead; the result is the
// same: a level counts until `window` after it was left, and is simply kept if the profile is back
// at it by then.
std::vector<VuStep> reserve_ramp_downs(const std::vector<VuStep>& steps, lab::Duration window,
                                       lab::Duration end) {
  assert(!steps.empty() && steps.front().offset == lab::Duration::zero());
  // Levels that may still matter, highest and oldest first; each with the instant at which it was
  // left.
  struct Level {
    std::uint64_t vus;
    lab::Duration until;
  };
  std::deque<Level> levels;
  std::vector<VuStep> reserved;
  const auto expire_before = [&](lab::Duration now) {
    while (levels.size() > 1 && levels.front().until + window <= now) {
      const lab::Duration expiry = levels.front().until + window;
      levels.pop_front();
      if (expiry < end) add_step(reserved, expiry, levels.front().vus);
    }
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    // What ends exactly now ends after this step has had its say, so that a level regained in time
    // is kept.
    const lab::Duration now = steps[i].offset;
    expire_before(now - lab::Duration(1));
    while (!levels.empty() && levels.back().vus <= steps[i].vus) levels.pop_back();
    const bool is_last = i + 1 == steps.size();
    levels.push_back({steps[i].vus, is_last ? end : steps[i + 1].offset});
    if (now < end) add_step(reserved, now, levels.front().vus);
  }
  expire_before(end);
  add_step(reserved, end, 0);
  return reserved;
}

}  // namespace loader
