// The decisions of a saturation search: which rate to try next, and when it is over. No clock, no
// load: rates go out, verdicts come in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "loader/scenarios/scenario.h"

namespace loader {

/// Grows from startRate, by `step` or by the factor `growth`, until a level is bad or maxRate is
/// good; then halves the gap between the last good and the first bad rate until it is within the
/// precision (or one). A bad startRate ends it at once: below it nobody asked.
class RateSearch {
 public:
  /// `model` is valid.
  explicit RateSearch(const SaturationSearch& model);

  /// The rate to try now; none once it is over.
  [[nodiscard]] std::optional<std::uint64_t> rate() const { return rate_; }
  /// What the level at rate() came to; not once it is over.
  void judge(bool is_good);

  /// The highest rate that was good, so far or in the end.
  [[nodiscard]] std::optional<std::uint64_t> last_good() const { return last_good_; }
  /// The lowest rate that was bad; none if even maxRate was good.
  [[nodiscard]] std::optional<std::uint64_t> first_bad() const { return first_bad_; }

 private:
  [[nodiscard]] std::optional<std::uint64_t> next() const;

  SaturationSearch model_;
  std::optional<std::uint64_t> rate_;
  std::optional<std::uint64_t> last_good_;
  std::optional<std::uint64_t> first_bad_;
};

/// No search takes more levels than this.
inline constexpr std::uint64_t kSearchLevelsMax = 1000;
/// The most levels that a search can take; past kSearchLevelsMax it is not counted further.
[[nodiscard]] std::uint64_t search_levels_max(const SaturationSearch& model);

/// The tag `phase` of a level: "level-100".
[[nodiscard]] std::string level_name(std::uint64_t rate);

}  // namespace loader
