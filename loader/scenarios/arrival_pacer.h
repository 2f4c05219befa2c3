// When iterations start in the open load models: offsets from the scenario's start, in order, one
// by one; or left out in bulk, where more are asked for than can be looked at one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "loader/scenarios/execution_segment.h"
#include "loader/scenarios/scenario.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"

namespace loader {

/// Every trunc(timeUnit / rate) nanoseconds, the first at 0, while before `duration`.
class ConstantArrivalPacer {
 public:
  ConstantArrivalPacer(const ConstantArrivalRate& model, ExecutionShare share);
  /// The next start; none once the duration is over.
  [[nodiscard]] std::optional<lab::Duration> next();
  /// Leaves out what next() would give before `limit`, and says how much that was. Its cost does
  /// not depend on how much it is.
  [[nodiscard]] std::uint64_t skip_before(lab::Duration limit);

 private:
  lab::Duration period_;
  lab::Duration duration_;
  ExecutionShare share_;
  std::uint64_t taken_ = 0;
};

/// The i-th start (from 1) is where the area under the piecewise linear rate reaches i; fractions
/// carry over from one stage to the next. The arithmetic is k6's, in the same order of
/// floating-point operations.
class RampingArrivalPacer {
 public:
  RampingArrivalPacer(RampingArrivalRate model, ExecutionShare share);
  [[nodiscard]] std::optional<lab::Duration> next();
  [[nodiscard]] std::uint64_t skip_before(lab::Duration limit);

 private:
  void enter_stage();
  void leave_stage();
  [[nodiscard]] std::uint64_t events_in_stage_before(lab::Duration limit) const;
  [[nodiscard]] lab::Duration offset_in_stage(double event) const;

  RampingArrivalRate model_;
  ExecutionShare share_;
  std::uint64_t taken_ = 0;
  std::size_t stage_ = 0;
  lab::Duration stage_start_{};
  double from_ = 0;  ///< Rates in events per nanosecond.
  double to_ = 0;
  double events_before_ = 0;  ///< The area up to the stage's start, and to its end.
  double events_until_ = 0;
};

/// Independent arrivals with exponential gaps of mean timeUnit / rate; each instance takes its
/// elements of one common sequence, so that instances together are one Poisson process. Of arrivals
/// that are left out in bulk only their number is drawn.
class PoissonArrivalPacer {
 public:
  PoissonArrivalPacer(const PoissonArrivalRate& model, ExecutionShare share, lab::Rng rng);
  [[nodiscard]] std::optional<lab::Duration> next();
  [[nodiscard]] std::uint64_t skip_before(lab::Duration limit);

 private:
  double mean_gap_seconds_;
  lab::Duration duration_;
  ExecutionShare share_;
  lab::Rng rng_;
  double now_seconds_ = 0;
  std::uint64_t element_ = 0;
  std::optional<lab::Duration> ahead_;  ///< Drawn, but not yet given.
};

using ArrivalPacer = std::variant<ConstantArrivalPacer, RampingArrivalPacer, PoissonArrivalPacer>;

}  // namespace loader
