// How latency moves over a gateway's life: creep, steps, ramps and spikes, for soak tests to
// notice.
#pragma once

#include <vector>

#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace mockgw {

/// One term of a drift; `percent` is added to the latency, so 100 doubles it and -50 halves it.
struct DriftTerm {
  enum class Kind {
    linear,  ///< percent per hour from `at` on, without end
    step,    ///< percent from `at` on
    ramp,    ///< from nothing at `at` to percent at `at + length`, which then stays
    spike,   ///< percent during [at, at + length)
  };
  Kind kind = Kind::linear;
  double percent = 0;
  lab::Duration at{};
  lab::Duration length{};

  friend bool operator==(const DriftTerm&, const DriftTerm&) = default;
};

using Drift = std::vector<DriftTerm>;

/// What latencies are multiplied by, `elapsed` by the gateway's clock. Terms add up; never below
/// zero.
[[nodiscard]] double drift_factor(const Drift& drift, lab::Duration elapsed);

/// {"linear":{"percent_per_hour":10,"at":"0s"}}, {"step":{…}}, {"ramp":{…}} or {"spike":{…}}.
void fields(lab::Fields& f, DriftTerm& c);
void check(const lab::JsonValue& value, DriftTerm& c);
[[nodiscard]] Drift read_drift(const lab::JsonValue& value);
[[nodiscard]] lab::Json to_json(const Drift& drift);

}  // namespace mockgw
