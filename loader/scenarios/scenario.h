// A scenario: which load model starts the iterations of which flow, and when; k6's keys, defaults
// and descriptions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "loader/scenarios/execution_segment.h"
#include "shared/base/time.h"

namespace loader {

/// A stretch of a ramping model: within `duration` the level goes linearly to `target`.
struct Stage {
  lab::Duration duration{};
  std::uint64_t target = 0;
  friend bool operator==(const Stage&, const Stage&) = default;
};

// The load models; a suite file calls them executors, as k6 does.

struct SharedIterations {
  std::uint64_t vus = 1;
  std::uint64_t iterations = 1;
  lab::Duration max_duration = std::chrono::minutes(10);
};
struct PerVuIterations {
  std::uint64_t vus = 1;
  std::uint64_t iterations = 1;  ///< Of each VU.
  lab::Duration max_duration = std::chrono::minutes(10);
};
struct ConstantVus {
  std::uint64_t vus = 1;
  lab::Duration duration{};
};
struct RampingVus {
  std::uint64_t start_vus = 1;
  std::vector<Stage> stages;
  lab::Duration graceful_ramp_down = std::chrono::seconds(30);
};

/// What the open models share: how many VUs stand ready to run what arrives.
struct VuPoolSize {
  std::uint64_t pre_allocated = 1;
  std::uint64_t max = 1;
};
struct ConstantArrivalRate {
  std::uint64_t rate = 1;  ///< Iterations per time_unit.
  lab::Duration time_unit = std::chrono::seconds(1);
  lab::Duration duration{};
  VuPoolSize vus;
};
struct RampingArrivalRate {
  std::uint64_t start_rate = 0;
  lab::Duration time_unit = std::chrono::seconds(1);
  std::vector<Stage> stages;  ///< Targets are iterations per time_unit.
  VuPoolSize vus;
};
/// Not in k6: arrivals at random, independent of each other, as independent users make them.
struct PoissonArrivalRate {
  std::uint64_t rate = 1;  ///< The mean, in iterations per time_unit.
  lab::Duration time_unit = std::chrono::seconds(1);
  lab::Duration duration{};
  VuPoolSize vus;
};

/// Not in k6: raises the rate level by level until one breaks the search's thresholds, then closes
/// in on the highest rate that does not. A level's arrivals are those of ConstantArrivalRate.
struct SaturationSearch {
  std::uint64_t start_rate = 1;  ///< Iterations per time_unit, as all rates here.
  std::uint64_t max_rate = 1;    ///< The search goes no further.
  lab::Duration time_unit = std::chrono::seconds(1);
  lab::Duration step_duration{};  ///< Of a level; its iterations then have gracefulStop to end.
  double growth = 1.5;            ///< From one level to the next, > 1; if `step` is 0.
  std::uint64_t step = 0;         ///< The same as a sum instead of a factor.
  double precision = 0.05;        ///< How close, as a share of the last good rate; in (0, 1).
  VuPoolSize vus;
};

using LoadModel =
    std::variant<SharedIterations, PerVuIterations, ConstantVus, RampingVus, ConstantArrivalRate,
                 RampingArrivalRate, PoissonArrivalRate, SaturationSearch>;

using TagMap = std::map<std::string, std::string>;

struct Scenario {
  static constexpr std::string_view kSchemaName = "scenario";

  std::string name;
  LoadModel model;
  lab::Duration start_time{};
  lab::Duration graceful_stop = std::chrono::seconds(30);
  /// The flow to run; not set: "default", or the suite's only one.
  std::optional<std::string> exec;
  std::map<std::string, std::string>
      env;  ///< Over the run's environment, for this scenario's flow.
  TagMap tags;
};

/// The executor's name: "constant-vus".
[[nodiscard]] std::string_view executor_name(const LoadModel& model);
/// How long iterations are started, of a search at most; graceful stop not included.
[[nodiscard]] lab::Duration regular_duration(const LoadModel& model);
/// One that starts iterations for `factor` times as long, stages in proportion; or so many times as
/// many, where iterations are counted. At least one.
[[nodiscard]] Scenario lengthened(Scenario scenario, double factor);
/// As k6's start block describes it: "10 looping VUs for 5m0s (gracefulStop: 30s)". Numbers are
/// those of `share`.
[[nodiscard]] std::string describe(const Scenario& scenario, const ExecutionShare& share);

/// The name of the stretch of a staged model that `offset` (since the scenario's start) lies in:
/// "ramp-up-100", "hold-100", "ramp-down-0"; "graceful-stop" past the last. Empty for models
/// without stages, and for a search, whose levels depend on the run. It is the tag `phase`, so that
/// a threshold can be of one level: http_req_duration{phase:hold-100}.
[[nodiscard]] std::string phase_name(const LoadModel& model, lab::Duration offset);
/// All of them.
[[nodiscard]] std::vector<std::string> phase_names(const LoadModel& model);
/// When each of them but the last ends, since the scenario's start.
[[nodiscard]] std::vector<lab::Duration> phase_ends(const LoadModel& model);

/// True for the arrival-rate models, whose iterations start whether or not the last ones are over.
[[nodiscard]] bool is_open(const LoadModel& model);

}  // namespace loader
