// Which metrics and tags the samples of a suite can have, so that thresholds over others are found
// before the run.
#pragma once

#include "loader/http/url.h"
#include "loader/suite/suite.h"
#include "loader/thresholds/threshold_audit.h"

namespace loader {

/// `base_url` is the gateway's.
[[nodiscard]] PossibleSamples possible_samples(const Suite& suite, const Url& base_url);

}  // namespace loader
