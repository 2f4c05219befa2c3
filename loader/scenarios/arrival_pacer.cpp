#include "loader/scenarios/arrival_pacer.h"

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <cmath>
#include <utility>

namespace loader {
namespace {

// Arrivals at random that are left out are drawn one by one up to here, which keeps the sequence
// the same in all instances; past it a draw each would take longer than the time they fill.
constexpr double kDrawnOneByOneMax = 1000;

// Past any count of starts that a run comes to, and still exact as a double.
constexpr double kEventsMax = 9e15;

}  // namespace

ConstantArrivalPacer::ConstantArrivalPacer(const ConstantArrivalRate& model, ExecutionShare share)
    // A rate above one per nanosecond would have no period at all.
    : period_(std::max<std::int64_t>(
          1, model.time_unit.count() / static_cast<std::int64_t>(model.rate))),
      duration_(model.duration),
      share_(std::move(share)) {}

std::optional<lab::Duration> ConstantArrivalPacer::next() {
  const std::uint64_t element = share_.element(taken_);
  if (element > static_cast<std::uint64_t>(duration_ / period_)) return std::nullopt;
  const lab::Duration offset = period_ * static_cast<std::int64_t>(element);
  if (offset >= duration_) return std::nullopt;
  ++taken_;
  return offset;
}

std::uint64_t ConstantArrivalPacer::skip_before(lab::Duration limit) {
  const lab::Duration until = std::clamp(limit, lab::Duration::zero(), duration_);
  const std::int64_t elements = (until.count() + period_.count() - 1) / period_.count();
  const std::uint64_t before = taken_;
  taken_ = std::max(taken_, share_.scale(static_cast<std::uint64_t>(elements)));
  return taken_ - before;
}

RampingArrivalPacer::RampingArrivalPacer(RampingArrivalRate model, ExecutionShare share)
    : model_(std::move(model)),
      share_(std::move(share)),
      from_(static_cast<double>(model_.start_rate) /
            static_cast<double>(model_.time_unit.count())) {
  if (!model_.stages.empty()) enter_stage();
}

void RampingArrivalPacer::enter_stage() {
  const Stage& stage = model_.stages[stage_];
  const auto duration = static_cast<double>(stage.duration.count());
  to_ = static_cast<double>(stage.target) / static_cast<double>(model_.time_unit.count());
  events_before_ = events_until_;
  events_until_ += from_ == to_ ? duration * to_ : duration * ((to_ - from_) / 2 + from_);
}

lab::Duration RampingArrivalPacer::offset_in_stage(double event) const {
  const double events = event - events_before_;
  if (from_ == to_) return lab::Duration(static_cast<std::int64_t>(events / to_));
  const auto duration = static_cast<double>(model_.stages[stage_].duration.count());
  // At the very end of a ramp to zero rounding may take the radicand below zero.
  const double radicand =
      std::max(0.0, duration * (from_ * from_ * duration + 2 * events * (to_ - from_)));
  const double x = (from_ * duration - std::sqrt(radicand)) / (from_ - to_);
  return lab::Duration(static_cast<std::int64_t>(x));
}

std::optional<lab::Duration> RampingArrivalPacer::next() {
  const auto event = static_cast<double>(share_.element(taken_) + 1);
  while (stage_ < model_.stages.size()) {
    if (event <= events_until_) {
      ++taken_;
      return stage_start_ + offset_in_stage(event);
    }
    leave_stage();
  }
  return std::nullopt;
}

void RampingArrivalPacer::leave_stage() {
  stage_start_ += model_.stages[stage_].duration;
  from_ = to_;
  ++stage_;
  if (stage_ < model_.stages.size()) enter_stage();
}

std::uint64_t RampingArrivalPacer::skip_before(lab::Duration limit) {
  const std::uint64_t before = taken_;
  while (stage_ < model_.stages.size()) {
    taken_ = std::max(taken_, share_.scale(events_in_stage_before(limit)));
    if (limit <= stage_start_ + model_.stages[stage_].duration) break;
    leave_stage();
  }
  return taken_ - before;
}

// How many events there are before `limit`, the stage's last at most; those of earlier stages
// included.
std::uint64_t RampingArrivalPacer::events_in_stage_before(lab::Duration limit) const {
  auto low = static_cast<std::uint64_t>(std::min(events_before_, kEventsMax));
  auto high = static_cast<std::uint64_t>(std::min(events_until_, kEventsMax));
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    if (stage_start_ + offset_in_stage(static_cast<double>(middle)) < limit) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

PoissonArrivalPacer::PoissonArrivalPacer(const PoissonArrivalRate& model, ExecutionShare share,
                                         lab::Rng rng)
    : mean_gap_seconds_(lab::to_seconds(model.time_unit) / static_cast<double>(model.rate)),
      duration_(model.duration),
      share_(std::move(share)),
      rng_(rng) {}

std::optional<lab::Duration> PoissonArrivalPacer::next() {
  if (ahead_) return std::exchange(ahead_, std::nullopt);
  boost::random::exponential_distribution<double> gap(1.0 / mean_gap_seconds_);
  while (true) {
    now_seconds_ += gap(rng_);
    const lab::Duration offset = lab::from_seconds(now_seconds_);
    if (offset >= duration_) return std::nullopt;
    if (share_.owns(element_++)) return offset;
  }
}

std::uint64_t PoissonArrivalPacer::skip_before(lab::Duration limit) {
  if (ahead_ && *ahead_ >= limit) return 0;
  std::uint64_t skipped = std::exchange(ahead_, std::nullopt) ? 1 : 0;
  const double until = lab::to_seconds(std::min(limit, duration_));
  const double mean = (until - now_seconds_) / mean_gap_seconds_;
  if (mean > kDrawnOneByOneMax) {
    // The process has no memory: after `limit` it goes on as if it had just begun.
    boost::random::poisson_distribution<std::int64_t, double> count(mean);
    const auto arrivals = static_cast<std::uint64_t>(count(rng_));
    skipped += share_.scale(element_ + arrivals) - share_.scale(element_);
    element_ += arrivals;
    now_seconds_ = until;
    return skipped;
  }
  while (const auto offset = next()) {
    if (*offset >= limit) {
      ahead_ = offset;
      break;
    }
    ++skipped;
  }
  return skipped;
}

}  // namespace loader
