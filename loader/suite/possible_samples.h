// Which metrics and tags the samples of a suite can have, so that thresholds over others are found
// before the run.
#pragma once

#include "loader/suite/suite.h"
#include "loader/thresholds/threshold_audit.h"

namespace loader {

/// `run_tags` are those that the command line adds to every sample.
[[nodiscard]] PossibleSamples possible_samples(const Suite& suite, const TagMap& run_tags);

}  // namespace loader
