#include "mockgw/overload/admission_shedding.h"

#include <algorithm>
#include <cmath>

namespace mockgw {
namespace {

// Constants of Netflix's Gradient2Limit: the window of the usual duration, its warm-up, how fast it
// recovers when it has become much longer than what requests take now, and by how much one step may
// lower the limit.
constexpr double kUsualWindow = 600;
constexpr std::int64_t kWarmUpSamples = 10;
constexpr double kStaleRatio = 2;
constexpr double kStaleDecay = 0.95;
constexpr double kGradientMin = 0.5;

}  // namespace

// True once the wait has been above the target for a whole interval.
bool CodelShedder::is_standing(lab::Duration waited, lab::TimePoint now) {
  if (waited < config_.target) {
    above_since_.reset();
    return false;
  }
  if (!above_since_) above_since_ = now;
  return now - *above_since_ >= config_.interval;
}

// Sheds come closer and closer, so that a queue that does not shrink is shed faster (RFC
// 8289, 5.4).
lab::TimePoint CodelShedder::next_after(lab::TimePoint t) const {
  const double interval = lab::to_seconds(config_.interval);
  return t + lab::from_seconds(interval / std::sqrt(static_cast<double>(count_)));
}

bool CodelShedder::sheds(lab::Duration waited, lab::TimePoint now) {
  if (!is_standing(waited, now)) {
    is_shedding_ = false;
    return false;
  }
  if (!is_shedding_) {
    is_shedding_ = true;
    // Shortly after the last time it goes on at nearly the rate that was needed then.
    const bool is_recent = now - next_shed_ < 16 * config_.interval;
    count_ = is_recent && count_ > 2 ? count_ - 2 : 1;
    next_shed_ = next_after(now);
    return true;
  }
  if (now < next_shed_) return false;
  ++count_;
  next_shed_ = next_after(next_shed_);
  return true;
}

GradientLimit::GradientLimit(const GradientConfig& config, std::int64_t max_limit)
    : config_(config),
      max_limit_(static_cast<double>(std::max(max_limit, config.min_limit))),
      limit_(std::clamp(static_cast<double>(config.initial_limit),
                        static_cast<double>(config.min_limit), max_limit_)) {}

void GradientLimit::on_sample(lab::Duration duration, std::int64_t running) {
  const double seconds = std::max(lab::to_seconds(duration), 1e-9);
  ++samples_;
  if (samples_ <= kWarmUpSamples) {
    usual_seconds_ += (seconds - usual_seconds_) / static_cast<double>(samples_);
  } else {
    usual_seconds_ += (seconds - usual_seconds_) * 2 / (kUsualWindow + 1);
  }
  if (usual_seconds_ / seconds > kStaleRatio) usual_seconds_ *= kStaleDecay;
  // With few running the duration says nothing of the limit.
  if (static_cast<double>(running) < limit_ / 2) return;
  const double gradient =
      std::clamp(config_.tolerance * usual_seconds_ / seconds, kGradientMin, 1.0);
  const double wanted = limit_ * gradient + static_cast<double>(config_.queue_size);
  const double smoothed = limit_ * (1 - config_.smoothing) + wanted * config_.smoothing;
  limit_ = std::clamp(smoothed, static_cast<double>(config_.min_limit), max_limit_);
}

}  // namespace mockgw
