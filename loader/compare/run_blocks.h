// A run in blocks of time, which can be drawn again and again: requests of one moment have their
// fate in common, so that it is moments that are drawn, and not requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "loader/metrics/over_time.h"
#include "loader/metrics/sketch.h"

namespace loader {

/// A stratum is put into at most so many blocks, neighbouring windows together, and of this many or
/// fewer than half of it only where it has no more windows. Forty say how sure a figure is within
/// an eighth; longer blocks leave less of what happened between two of them to chance.
inline constexpr std::size_t kBlocksMax = 40;
/// Of fewer blocks than this nothing can be said by drawing them: requests are drawn.
inline constexpr std::size_t kBlocksMin = 8;

/// The requests of a series within a block.
struct SeriesBlock {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  std::uint64_t tokens_out = 0;
  std::uint64_t timed_successes = 0;  ///< Those of the time that rates are of; and so
  std::uint64_t timed_tokens = 0;
  Sketch succeeded{};
  Sketch time_to_first_token{};
  Sketch inter_token{};

  void add(const RequestWindow& window, bool is_timed);
};
struct BlockSeries {
  std::string scenario{};
  std::string phase{};
  std::string model{};
  std::size_t stratum = 0;
  std::vector<SeriesBlock> blocks{};  ///< As many as the stratum has.
};
struct UserBlock {
  std::uint64_t iterations = 0;
  std::uint64_t dropped = 0;
  std::uint64_t timed_iterations = 0;
};

struct RunBlocks {
  std::vector<BlockSeries> series{};
  /// How many blocks each has. A stratum is a phase of a scenario, all models: what is drawn
  /// together.
  std::vector<std::size_t> strata{};
  std::vector<UserBlock> users{};
  double seconds = 0;  ///< The time that rates are of; 0: there is none.
};

/// Rates are of the first `timed` windows.
[[nodiscard]] RunBlocks run_blocks(const OverTime& over_time, std::size_t timed);

/// How many windows of two runs are whole in both: a run's last window is cut by its end, and what
/// was still under way then may add one or two. Runs whose lengths differ by more than a tenth are
/// timed by themselves.
struct TimedWindows {
  std::size_t a = 0;
  std::size_t b = 0;
};
[[nodiscard]] TimedWindows timed_windows(std::size_t a, std::size_t b);

}  // namespace loader
