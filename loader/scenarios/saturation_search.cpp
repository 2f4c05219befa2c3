#include "loader/scenarios/saturation_search.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace loader {
namespace {

std::uint64_t grown(const SaturationSearch& model, std::uint64_t rate) {
  // Rates are whole, so that a factor near one still gets somewhere.
  const std::uint64_t next =
      model.step > 0 ? rate + model.step
                     : std::max(rate + 1, static_cast<std::uint64_t>(std::llround(
                                              static_cast<double>(rate) * model.growth)));
  return std::min(next, model.max_rate);
}

// The gap between good and bad that is small enough.
std::uint64_t tolerance(const SaturationSearch& model, std::uint64_t good) {
  return std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(static_cast<double>(good) * model.precision));
}

// The most levels that halving a gap takes, however they come out.
std::uint64_t halvings_max(std::uint64_t gap, std::uint64_t small_enough) {
  std::uint64_t count = 0;
  for (; gap > small_enough; gap = (gap + 1) / 2) ++count;
  return count;
}

}  // namespace

RateSearch::RateSearch(const SaturationSearch& model) : model_(model), rate_(model.start_rate) {}

void RateSearch::judge(bool is_good) {
  assert(rate_);
  (is_good ? last_good_ : first_bad_) = rate_;
  rate_ = next();
}

std::optional<std::uint64_t> RateSearch::next() const {
  if (!last_good_) return std::nullopt;
  const std::uint64_t good = *last_good_;
  if (!first_bad_) {
    if (good >= model_.max_rate) return std::nullopt;
    return grown(model_, good);
  }
  const std::uint64_t gap = *first_bad_ - good;
  if (gap <= tolerance(model_, good)) return std::nullopt;
  return good + gap / 2;
}

std::uint64_t search_levels_max(const SaturationSearch& model) {
  std::uint64_t most = 1;
  std::uint64_t grown_levels = 1;
  for (std::uint64_t rate = model.start_rate; rate < model.max_rate; ++grown_levels) {
    if (grown_levels > kSearchLevelsMax) return grown_levels;
    const std::uint64_t next = grown(model, rate);
    most = std::max(most, grown_levels + 1 + halvings_max(next - rate, tolerance(model, rate)));
    rate = next;
  }
  return most;
}

std::string level_name(std::uint64_t rate) { return "level-" + std::to_string(rate); }

}  // namespace loader
