// Where alarms go off as something gets worse, found in as few trials as possible; pure.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace loader {

/// How far an alarm is beyond its limit: above 0 it is on. Infinite where there is no such
/// distance; NaN for an alarm that has no say.
using AlarmMargins = std::vector<double>;

/// The positions between which an alarm goes off: it is off at `low` and on at `high`.
struct AlarmBracket {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();  ///< It was never on.
  /// Where in between, if margins change evenly there.
  double estimate = std::numeric_limits<double>::infinity();
  [[nodiscard]] bool is_found() const { return high <= 1; }
};

/// Positions are 0 (all is well) to 1 (the worst). Alarms are taken to stay on once they are; where
/// one did not, says is_monotone(). Which position to try next follows from the trials alone.
class BoundarySearch {
 public:
  struct Settings {
    std::size_t alarms = 1;
    double tolerance = 0.01;     ///< Brackets this wide are narrow enough.
    std::size_t trials_max = 8;  ///< Over all alarms.
    /// The positions that can be tried; by default all of them.
    std::function<double(double)> nearest_possible{};
    /// The position so far on the way from one to another (0..1) where margins change evenly on it;
    /// by default on the line between.
    std::function<double(double low, double high, double share)> between{};
    /// Where to look first; none: nobody knows.
    std::optional<double> hint{};
    /// Whether the alarms besides the first are closed in on, too.
    bool closes_in_on_all = false;
  };
  explicit BoundarySearch(Settings settings) : settings_(std::move(settings)) {}

  /// Of a trial, or of what is known beforehand.
  void add(double position, AlarmMargins margins);
  /// None: all brackets are narrow, or the trials are used up.
  [[nodiscard]] std::optional<double> next() const;

  [[nodiscard]] AlarmBracket bracket(std::size_t alarm) const;
  [[nodiscard]] bool is_monotone(std::size_t alarm) const;
  [[nodiscard]] bool is_on_at(std::size_t alarm, double position) const;

 private:
  struct Trial {
    double position;
    AlarmMargins margins;
  };
  /// The trials around the place where an alarm goes off; `on` is null if it never does.
  struct Ends {
    const Trial* off = nullptr;
    const Trial* on = nullptr;
  };
  [[nodiscard]] Ends ends(std::size_t alarm) const;
  [[nodiscard]] std::optional<double> closer(std::size_t alarm) const;
  [[nodiscard]] std::optional<double> untried(double position, const Ends& within) const;
  [[nodiscard]] const Trial* trial_at(double position) const;
  [[nodiscard]] double crossing(std::size_t alarm, const Ends& within) const;
  [[nodiscard]] std::optional<double> crossing_of(std::size_t alarm, const Ends& within) const;

  Settings settings_;
  std::vector<Trial> trials_;  ///< By position.
  std::size_t tried_ = 0;
};

}  // namespace loader
