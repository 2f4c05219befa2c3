// A run by its load: what came of requests with few active virtual users, and what with many.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loader/summary/run_columns.h"

namespace loader {

/// Columns of the run with about the same number of active virtual users.
struct LoadLevel {
  double vus = 0;    ///< On average.
  double least = 0;  ///< Of its columns.
  double seconds = 0;
  RequestWindow requests{};

  [[nodiscard]] double per_second(std::uint64_t count) const {
    return static_cast<double>(count) / seconds;
  }
};

/// So many failures are a limit that was reached.
inline constexpr double kFailingLevel = 0.1;

/// The least load first. Empty where there are too few levels, or too much alike, to tell what more
/// load does.
[[nodiscard]] std::vector<LoadLevel> load_levels(const RunColumns& columns);

/// What went with more load, and with more load alone: failures, higher latency. Empty: nothing
/// did, or it can't be told, because some levels below are no better than some above.
[[nodiscard]] std::vector<std::string> load_sentences(const std::vector<LoadLevel>& levels);

}  // namespace loader
