// Intervals that hold all at once, from what figures came to when their runs were drawn again.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace loader {

/// The changes of one figure.
struct DrawnChange {
  std::vector<double> changes;    ///< In each draw; NaN: there was none.
  double standard_error_min = 0;  ///< What is known of it otherwise.
  std::size_t blocks = 0;         ///< That were drawn from; 0: requests were.
};

/// Half the width of each figure's interval, so that with `confidence` (0..1) all of them cover
/// their truths at once: the quantile, over the draws, of the largest of all deviations by their
/// standard errors (Westfall and Young, Resampling-Based Multiple Testing, 1993). Percentiles of
/// one distribution go together, and so cost less than Bonferroni's correction would. Intervals
/// from few blocks are wider, as Student's distribution has it. Negative: there were too few
/// draws in which the figure had a value.
[[nodiscard]] std::vector<double> joint_half_widths(std::span<const DrawnChange> figures,
                                                    double confidence);

/// Of the standard normal distribution; `probability` is above 0 and below 1.
[[nodiscard]] double normal_quantile(double probability);
/// By how much an interval from so many blocks is wider than one from very many.
[[nodiscard]] double block_widening(std::size_t blocks, double confidence);

}  // namespace loader
