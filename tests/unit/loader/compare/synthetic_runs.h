// Runs made up of chance: virtual users that chat and think, without a gateway.
#pragma once

#include <cstdint>
#include <string>

#include "loader/compare/compared_run.h"
#include "loader/compare/comparison.h"

namespace loader {

/// Each answer has a first token after 250 ms or so and 60 tokens or so, 18 ms each, all of them
/// with a spread as the built-in gateway `healthy` has it; each user thinks for one to three
/// seconds between two.
struct SyntheticRun {
  std::uint64_t seed = 1;
  int users = 10;
  double seconds = 300;
  double slowdown = 1;  ///< Of all times of the gateway.
  double failed = 0;    ///< Share of requests.
  bool is_streamed = false;
  std::string scenario = "chat";
  std::string phase{};
  std::string model = "gpt-4";
  /// Each so many seconds all answers take this much longer for as long: neighbours are alike.
  double wave_seconds = 0;
  double wave = 0;
};
[[nodiscard]] ComparedRun synthetic_run(const SyntheticRun& run);
/// Two scenarios, or phases, or models of one run.
[[nodiscard]] ComparedRun together(ComparedRun a, const ComparedRun& b);

/// The figure of the whole run; fails the test if there is none.
[[nodiscard]] const FigureChange& figure_of(const RunComparison& comparison, Measure measure,
                                            const std::string& part = "");

}  // namespace loader
