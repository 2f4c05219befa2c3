#include "loader/prove/boundary_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace loader {
namespace {

bool is_on(double margin) { return margin > 0; }

}  // namespace

void BoundarySearch::add(double position, AlarmMargins margins) {
  const auto place = std::find_if(trials_.begin(), trials_.end(), [position](const Trial& trial) {
    return trial.position >= position;
  });
  if (position > 0) ++tried_;
  trials_.insert(place, Trial{position, std::move(margins)});
}

BoundarySearch::Ends BoundarySearch::ends(std::size_t alarm) const {
  Ends result;
  for (const Trial& trial : trials_) {
    if (is_on(trial.margins[alarm])) {
      result.on = &trial;
      return result;
    }
    result.off = &trial;
  }
  return result;
}

AlarmBracket BoundarySearch::bracket(std::size_t alarm) const {
  const Ends found = ends(alarm);
  AlarmBracket result;
  if (found.off != nullptr) result.low = found.off->position;
  if (found.on == nullptr) return result;
  result.high = found.on->position;
  result.estimate = found.off == nullptr ? result.high : crossing(alarm, found);
  return result;
}

bool BoundarySearch::is_monotone(std::size_t alarm) const {
  const Ends found = ends(alarm);
  return found.on == nullptr ||
         std::all_of(trials_.begin(), trials_.end(), [&](const Trial& trial) {
           return trial.position < found.on->position || !(trial.margins[alarm] <= 0);
         });
}

bool BoundarySearch::is_on_at(std::size_t alarm, double position) const {
  const Trial* const trial = trial_at(position);
  return trial != nullptr && is_on(trial->margins[alarm]);
}

const BoundarySearch::Trial* BoundarySearch::trial_at(double position) const {
  for (const Trial& trial : trials_) {
    if (trial.position == position) return &trial;
  }
  return nullptr;
}

std::optional<double> BoundarySearch::next() const {
  if (tried_ >= settings_.trials_max) return std::nullopt;
  if (ends(0).on == nullptr) {
    if (trial_at(1) == nullptr) return 1;
  }
  const std::size_t alarms = settings_.closes_in_on_all ? settings_.alarms : 1;
  for (std::size_t alarm = 0; alarm < alarms; ++alarm) {
    if (const auto position = closer(alarm)) return position;
  }
  return std::nullopt;
}

// The first alarm is any of the others, whose margins have different units: it goes off where the
// first of them does.
double BoundarySearch::crossing(std::size_t alarm, const Ends& within) const {
  const double middle = (within.off->position + within.on->position) / 2;
  if (alarm > 0 || settings_.alarms == 1) return crossing_of(alarm, within).value_or(middle);
  std::optional<double> first;
  for (std::size_t each = 1; each < settings_.alarms; ++each) {
    const auto position = crossing_of(each, within);
    if (position && (!first || *position < *first)) first = position;
  }
  return first.value_or(middle);
}

std::optional<double> BoundarySearch::crossing_of(std::size_t alarm, const Ends& within) const {
  const double low_margin = within.off->margins[alarm];
  const double high_margin = within.on->margins[alarm];
  const bool is_crossed = std::isfinite(low_margin) && std::isfinite(high_margin) &&
                          !is_on(low_margin) && is_on(high_margin);
  if (!is_crossed) return std::nullopt;
  const double low = within.off->position;
  const double high = within.on->position;
  const double share = -low_margin / (high_margin - low_margin);
  return settings_.between ? settings_.between(low, high, share) : low + (high - low) * share;
}

// A trial on the line's crossing leaves one end far away; so the next is a tolerance beyond it, to
// bring in that end. Where lines mislead, halving helps: every third trial does.
std::optional<double> BoundarySearch::closer(std::size_t alarm) const {
  const Ends found = ends(alarm);
  if (found.on == nullptr || found.off == nullptr) return std::nullopt;
  const double low = found.off->position;
  const double high = found.on->position;
  const double tolerance = settings_.tolerance;
  if (high - low <= tolerance) return std::nullopt;
  const bool is_inside = settings_.hint && *settings_.hint > low && *settings_.hint < high;
  if (is_inside && tried_ <= 1) return untried(*settings_.hint, found);
  if (tried_ % 3 == 2 && high - low > 4 * tolerance) return untried((low + high) / 2, found);
  double position = crossing(alarm, found);
  if (position - low < tolerance / 2) position = low + tolerance * 0.9;
  if (high - position < tolerance / 2) position = high - tolerance * 0.9;
  return untried(position, found);
}

std::optional<double> BoundarySearch::untried(double position, const Ends& within) const {
  const double low = within.off->position;
  const double high = within.on->position;
  for (const double wanted : {position, (low + high) / 2}) {
    const double possible =
        settings_.nearest_possible ? settings_.nearest_possible(wanted) : wanted;
    if (possible > low && possible < high) return possible;
  }
  // Nothing lies between neighbours among whole sizes.
  return std::nullopt;
}

}  // namespace loader
