// Draws a run again, as it might have been: what its figures would be then says how sure they are
// (Efron and Tibshirani, An Introduction to the Bootstrap, 1993; of blocks: Künsch 1989).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loader/compare/measures.h"
#include "loader/compare/run_blocks.h"
#include "shared/base/rng.h"

namespace loader {

/// What is looked at by itself: the numbers of its series.
using SeriesGroup = std::vector<std::size_t>;

/// Not synchronised. The first group is the whole run.
class RunResampler {
 public:
  /// `blocks` outlive it.
  RunResampler(const RunBlocks& blocks, std::vector<SeriesGroup> groups, lab::Rng rng);

  /// As they were, for each group.
  [[nodiscard]] std::vector<Figures> measured();
  /// What they are of.
  [[nodiscard]] const std::vector<RequestSums>& sums() const { return group_sums_; }
  [[nodiscard]] const IterationSums& iterations() const { return iterations_; }

  /// As they might have been: within each stratum as many blocks, drawn with replacement; of a
  /// stratum of few blocks each request so often as chance has it (the Poisson bootstrap). The same
  /// `number` gives the same.
  [[nodiscard]] std::vector<Figures> resampled(std::uint64_t number);

 private:
  [[nodiscard]] std::vector<Figures> figures();
  void draw_blocks(std::size_t stratum, lab::Rng& rng);
  void draw_requests(std::size_t series, lab::Rng& rng);
  void draw_users(lab::Rng& rng);
  void take(std::size_t series, std::size_t block, double times);

  const RunBlocks& blocks_;
  std::vector<SeriesGroup> groups_;
  lab::Rng rng_;
  std::vector<SeriesBlock> totals_;  ///< Of each series.
  UserBlock user_total_{};
  std::vector<RequestSums> series_sums_;
  std::vector<RequestSums> group_sums_;
  IterationSums iterations_{};
};

}  // namespace loader
