// Two ways of noticing overload before a queue is full: CoDel by the wait, the gradient by the
// duration of requests.
#pragma once

#include <cstdint>
#include <optional>

#include "mockgw/overload/admission_config.h"
#include "shared/base/time.h"

namespace mockgw {

/// RFC 8289, asked for each request that leaves the queue.
class CodelShedder {
 public:
  explicit CodelShedder(const CodelConfig& config) : config_(config) {}

  /// True if the request that waited so long is to be shed; the next one is then asked about.
  [[nodiscard]] bool sheds(lab::Duration waited, lab::TimePoint now);
  /// The queue ran empty: the wait is over.
  void on_empty_queue() { above_since_.reset(); }

 private:
  [[nodiscard]] bool is_standing(lab::Duration waited, lab::TimePoint now);
  [[nodiscard]] lab::TimePoint next_after(lab::TimePoint t) const;

  CodelConfig config_;
  std::optional<lab::TimePoint> above_since_;
  bool is_shedding_ = false;
  lab::TimePoint next_shed_{};
  std::int64_t count_ = 0;
};

/// The limit of requests at once as it adapts between min_limit and max_limit.
class GradientLimit {
 public:
  GradientLimit(const GradientConfig& config, std::int64_t max_limit);

  /// A request took so long, with so many running (itself included).
  void on_sample(lab::Duration duration, std::int64_t running);
  [[nodiscard]] std::int64_t limit() const { return static_cast<std::int64_t>(limit_); }

 private:
  GradientConfig config_;
  double max_limit_;
  double limit_;
  double usual_seconds_ = 0;  // A slow moving average.
  std::int64_t samples_ = 0;
};

}  // namespace mockgw
