#include "loader/scenarios/scenario_reader.h"

#include <algorithm>
#include <array>
#include <limits>

#include "loader/scenarios/k6_values.h"
#include "loader/scenarios/saturation_search.h"
#include "shared/base/json.h"
#include "shared/base/overloaded.h"

namespace loader {
namespace {

// Far past what one process can do, and far below what could overflow the arithmetic of the pacers.
constexpr std::int64_t kVusMax = 1'000'000;
constexpr std::int64_t kIterationsMax = 1'000'000'000'000;
constexpr std::int64_t kRateMax = 1'000'000'000;
constexpr std::size_t kStagesMax = 10'000;
constexpr double kGrowthMin = 1.01;
constexpr double kGrowthMax = 100;
constexpr double kPrecisionMin = 0.001;
constexpr double kPrecisionMax = 0.5;
constexpr lab::Duration kDurationMin = std::chrono::seconds(1);

bool is_scenario_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  });
}

std::uint64_t read_count(lab::JsonObject& object, std::string_view key, std::uint64_t fallback,
                         std::int64_t max) {
  return static_cast<std::uint64_t>(
      object.integer(key, static_cast<std::int64_t>(fallback), 0, max));
}

lab::Duration require_duration(lab::JsonObject& object, std::string_view key) {
  return object.require(key).as_duration(kDurationMin);
}

std::uint64_t require_count(lab::JsonObject& object, std::string_view key, std::int64_t max) {
  return static_cast<std::uint64_t>(object.require(key).as_integer(0, max, 1));
}

VuPoolSize read_pool(lab::JsonObject& object) {
  VuPoolSize pool;
  pool.pre_allocated = require_count(object, "preAllocatedVUs", kVusMax);
  pool.max = read_count(object, "maxVUs", pool.pre_allocated, kVusMax);
  return pool;
}

LoadModel read_shared_iterations(lab::JsonObject& object) {
  SharedIterations model;
  model.vus = read_count(object, "vus", model.vus, kVusMax);
  model.iterations = read_count(object, "iterations", model.iterations, kIterationsMax);
  model.max_duration = object.duration("maxDuration", model.max_duration);
  return model;
}

LoadModel read_per_vu_iterations(lab::JsonObject& object) {
  PerVuIterations model;
  model.vus = read_count(object, "vus", model.vus, kVusMax);
  model.iterations = read_count(object, "iterations", model.iterations, kIterationsMax);
  model.max_duration = object.duration("maxDuration", model.max_duration);
  return model;
}

LoadModel read_constant_vus(lab::JsonObject& object) {
  ConstantVus model;
  model.vus = read_count(object, "vus", model.vus, kVusMax);
  model.duration = require_duration(object, "duration");
  return model;
}

LoadModel read_ramping_vus(lab::JsonObject& object) {
  RampingVus model;
  model.start_vus = read_count(object, "startVUs", model.start_vus, kVusMax);
  model.stages = read_stages(object.require("stages"));
  model.graceful_ramp_down = object.duration("gracefulRampDown", model.graceful_ramp_down);
  return model;
}

template <class Model>
LoadModel read_steady_arrivals(lab::JsonObject& object) {
  Model model;
  model.rate = require_count(object, "rate", kRateMax);
  model.time_unit = object.duration("timeUnit", model.time_unit);
  model.duration = require_duration(object, "duration");
  model.vus = read_pool(object);
  return model;
}

LoadModel read_ramping_arrivals(lab::JsonObject& object) {
  RampingArrivalRate model;
  model.start_rate = read_count(object, "startRate", model.start_rate, kRateMax);
  model.time_unit = object.duration("timeUnit", model.time_unit);
  model.stages = read_stages(object.require("stages"));
  model.vus = read_pool(object);
  return model;
}

LoadModel read_saturation_search(lab::JsonObject& object) {
  SaturationSearch model;
  model.start_rate = require_count(object, "startRate", kRateMax);
  model.max_rate = require_count(object, "maxRate", kRateMax);
  model.time_unit = object.duration("timeUnit", model.time_unit);
  model.step_duration = require_duration(object, "stepDuration");
  model.precision = object.number("precision", model.precision);
  model.vus = read_pool(object);
  const auto growth = object.find("growth");
  const auto step = object.find("step");
  if (growth && step) step->problem("can't go with growth; give the one or the other");
  if (growth) model.growth = growth->as_number();
  if (step) model.step = static_cast<std::uint64_t>(step->as_integer(1, kRateMax, 1));
  // What they mean needs the metrics, which the suite knows: Suite::search_thresholds.
  (void)object.require("thresholds");
  return model;
}

using ReadModel = LoadModel (*)(lab::JsonObject&);
constexpr std::array<std::pair<std::string_view, ReadModel>, 8> kExecutors{{
    {"shared-iterations", read_shared_iterations},
    {"per-vu-iterations", read_per_vu_iterations},
    {"constant-vus", read_constant_vus},
    {"ramping-vus", read_ramping_vus},
    {"constant-arrival-rate", read_steady_arrivals<ConstantArrivalRate>},
    {"ramping-arrival-rate", read_ramping_arrivals},
    {"poisson-arrival-rate", read_steady_arrivals<PoissonArrivalRate>},
    {"saturation-search", read_saturation_search},
}};

Scenario read_scenario(const std::string& name, const lab::JsonValue& value) {
  if (!is_scenario_name(name)) {
    value.problem("a scenario's name is made of letters, digits, \"_\" and \"-\"");
  }
  Scenario scenario;
  scenario.name = name;
  // k6 inspect prints all members of a scenario, null where nobody set them.
  const lab::Json set = object_as_k6_reads(value.json());
  lab::JsonObject object = lab::JsonValue(set, value.path(), value.problems()).as_object();
  const lab::JsonValue executor = object.require("executor");
  scenario.start_time = object.duration("startTime", scenario.start_time);
  scenario.graceful_stop = object.duration("gracefulStop", scenario.graceful_stop);
  if (const auto exec = object.find("exec")) scenario.exec = exec->as_string();
  if (const auto env = object.find("env")) scenario.env = read_tag_map(*env);
  if (const auto tags = object.find("tags")) scenario.tags = read_tag_map(*tags);
  (void)object.find("options");  // Of k6's browser.
  if (executor.is_null()) return scenario;
  const ReadModel read =
      executor.as_enum(std::span<const std::pair<std::string_view, ReadModel>>(kExecutors),
                       static_cast<ReadModel>(nullptr));
  // Without a known executor nothing can be said about the other keys.
  if (read == nullptr) return scenario;
  scenario.model = read(object);
  object.finish();
  for (std::string& what : validate(scenario.model)) value.problem(std::move(what));
  if (std::holds_alternative<SaturationSearch>(scenario.model) &&
      scenario.graceful_stop == lab::Duration::zero()) {
    value.problem(
        "the gracefulStop must be more than 0: a level is judged by iterations that ended");
  }
  return scenario;
}

void check_duration(std::vector<std::string>& wrong, std::string_view key, lab::Duration duration) {
  if (duration >= kDurationMin) return;
  wrong.push_back("the " + std::string(key) + " must be at least 1s, but is " +
                  lab::format_duration(duration));
}

void check_vus(std::vector<std::string>& wrong, std::uint64_t vus) {
  if (vus == 0) wrong.emplace_back("the number of VUs must be more than 0");
}

void check_pool(std::vector<std::string>& wrong, const VuPoolSize& pool) {
  if (pool.max == 0) wrong.emplace_back("maxVUs must be more than 0");
  if (pool.max < pool.pre_allocated) {
    wrong.emplace_back("maxVUs must not be less than preAllocatedVUs");
  }
}

template <class Model>
void check_arrivals(std::vector<std::string>& wrong, const Model& model) {
  if (model.rate == 0) wrong.emplace_back("the rate must be more than 0");
  if (model.time_unit <= lab::Duration::zero())
    wrong.emplace_back("the timeUnit must be more than 0");
  check_duration(wrong, "duration", model.duration);
  check_pool(wrong, model.vus);
}

void check_search(std::vector<std::string>& wrong, const SaturationSearch& model) {
  if (model.start_rate == 0) wrong.emplace_back("the startRate must be more than 0");
  if (model.max_rate < model.start_rate) {
    wrong.emplace_back("the maxRate must not be less than the startRate");
  }
  if (model.time_unit <= lab::Duration::zero()) {
    wrong.emplace_back("the timeUnit must be more than 0");
  }
  check_duration(wrong, "stepDuration", model.step_duration);
  // Written so that NaN is refused too.
  if (!(model.growth >= kGrowthMin && model.growth <= kGrowthMax)) {
    wrong.emplace_back("the growth must be from 1.01 to 100");
  }
  if (!(model.precision >= kPrecisionMin && model.precision <= kPrecisionMax)) {
    wrong.emplace_back("the precision must be from 0.001 to 0.5");
  }
  check_pool(wrong, model.vus);
  if (wrong.empty() && search_levels_max(model) > kSearchLevelsMax) {
    wrong.emplace_back("more than 1000 levels; start higher or grow faster");
  }
}

template <class Model>
void check_iterations(std::vector<std::string>& wrong, const Model& model) {
  check_vus(wrong, model.vus);
  if (model.iterations == 0) wrong.emplace_back("the number of iterations must be more than 0");
  check_duration(wrong, "maxDuration", model.max_duration);
}

bool is_all_zero(std::uint64_t start, const std::vector<Stage>& stages) {
  return start == 0 &&
         std::all_of(stages.begin(), stages.end(), [](const Stage& s) { return s.target == 0; });
}

}  // namespace

std::vector<Scenario> read_scenarios(const lab::JsonValue& value) {
  std::vector<Scenario> scenarios;
  lab::JsonObject object = value.as_object();
  for (const auto& [name, member] : object.members()) {
    scenarios.push_back(read_scenario(name, member));
  }
  if (scenarios.empty() && value.json().is_object()) value.problem("needs at least one scenario");
  return scenarios;
}

std::vector<Stage> read_stages(const lab::JsonValue& value) {
  std::vector<Stage> stages;
  if (value.is_null()) return stages;
  for (const lab::JsonValue& element : value.as_array()) {
    lab::JsonObject object = element.as_object();
    Stage stage;
    stage.duration = object.require("duration").as_duration();
    stage.target = static_cast<std::uint64_t>(object.require("target").as_integer(0, kRateMax, 0));
    object.finish();
    stages.push_back(stage);
  }
  if (stages.empty() && value.json().is_array()) value.problem("needs at least one stage");
  if (stages.size() > kStagesMax) value.problem("more than 10000 stages");
  return stages;
}

TagMap read_tag_map(const lab::JsonValue& value) {
  TagMap tags;
  lab::JsonObject object = value.as_object();
  for (const auto& [name, member] : object.members()) tags[name] = member.as_string();
  return tags;
}

std::vector<std::string> validate(const LoadModel& model) {
  std::vector<std::string> wrong;
  std::visit(
      lab::Overloaded{
          [&](const SharedIterations& m) {
            check_iterations(wrong, m);
            if (m.iterations < m.vus) {
              wrong.push_back("the number of iterations (" + std::to_string(m.iterations) +
                              ") must not be less than the number of VUs (" +
                              std::to_string(m.vus) + ")");
            }
          },
          [&](const PerVuIterations& m) { check_iterations(wrong, m); },
          [&](const ConstantVus& m) {
            check_vus(wrong, m.vus);
            check_duration(wrong, "duration", m.duration);
          },
          [&](const RampingVus& m) {
            if (is_all_zero(m.start_vus, m.stages)) {
              wrong.emplace_back("startVUs or one of the stages' targets must be more than 0");
            }
            if (m.start_vus > kVusMax ||
                std::any_of(m.stages.begin(), m.stages.end(), [](const Stage& s) {
                  return s.target > static_cast<std::uint64_t>(kVusMax);
                })) {
              wrong.emplace_back("at most 1000000 VUs");
            }
          },
          [&](const RampingArrivalRate& m) {
            if (m.time_unit <= lab::Duration::zero()) {
              wrong.emplace_back("the timeUnit must be more than 0");
            }
            if (is_all_zero(m.start_rate, m.stages)) {
              wrong.emplace_back("startRate or one of the stages' targets must be more than 0");
            }
            check_pool(wrong, m.vus);
          },
          [&](const SaturationSearch& m) { check_search(wrong, m); },
          [&](const auto& m) { check_arrivals(wrong, m); },
      },
      model);
  return wrong;
}

}  // namespace loader
