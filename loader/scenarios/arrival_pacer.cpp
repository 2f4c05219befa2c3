#include "loader/scenarios/arrival_pacer.h"

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <cmath>
#include <utility>

namespace loader {

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
    stage_start_ += model_.stages[stage_].duration;
    from_ = to_;
    ++stage_;
    if (stage_ < model_.stages.size()) enter_stage();
  }
  return std::nullopt;
}

PoissonArrivalPacer::PoissonArrivalPacer(const PoissonArrivalRate& model, ExecutionShare share,
                                         lab::Rng rng)
    : mean_gap_seconds_(lab::to_seconds(model.time_unit) / static_cast<double>(model.rate)),
      duration_(model.duration),
      share_(std::move(share)),
      rng_(rng) {}

std::optional<lab::Duration> PoissonArrivalPacer::next() {
  boost::random::exponential_distribution<double> gap(1.0 / mean_gap_seconds_);
  while (true) {
    now_seconds_ += gap(rng_);
    const lab::Duration offset = lab::from_seconds(now_seconds_);
    if (offset >= duration_) return std::nullopt;
    if (share_.owns(element_++)) return offset;
  }
}

}  // namespace loader
