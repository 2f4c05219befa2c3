// A comparison's figures in words, alike in all its forms.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "loader/compare/comparison.h"

namespace loader {

/// "duration_p95" of the whole run, "duration_p95, model gpt-4" of a part.
[[nodiscard]] std::string figure_name(const FigureChange& figure);
/// "1.64s", "0.52%", "12.4/s".
[[nodiscard]] std::string figure_value(MeasureUnit unit, double value);
/// "+9.8%"; of a share "+0.40 points".
[[nodiscard]] std::string change_text(MeasureUnit unit, double change);
/// "+6.1% to +13.4%"; empty: it was not judged.
[[nodiscard]] std::string interval_text(const FigureChange& figure);
/// What the verdict comes to, in a sentence with the figure that tells the most; empty: there is no
/// verdict.
[[nodiscard]] std::string headline_text(const RunComparison& comparison);
/// "2 worse, 1 better, 24 without a difference, 3 not judged"
[[nodiscard]] std::string tally_text(const RunComparison& comparison);
/// What the intervals and margins are, in a sentence or two.
[[nodiscard]] std::string method_text(const RunComparison& comparison);

/// The figures of one verdict, in their order.
[[nodiscard]] std::vector<FigureChange> figures_with(const RunComparison& comparison,
                                                     ChangeVerdict verdict);
/// The verdicts in the order in which they are shown: the worse first.
[[nodiscard]] std::span<const ChangeVerdict> verdicts_shown();

}  // namespace loader
