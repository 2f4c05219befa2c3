#include "loader/scenarios/scenario_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "loader/scenarios/k6_values.h"
#include "loader/scenarios/saturation_search.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/overloaded.h"
#include "shared/base/schema_printer.h"

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

// What of a model a file need not give is 1s while it is read, so that no more is said of it.
template <class Model>
Model fresh() {
  Model model;
  if constexpr (requires { model.duration; }) model.duration = kDurationMin;
  if constexpr (requires { model.step_duration; }) model.step_duration = kDurationMin;
  return model;
}

template <std::size_t... kIndices>
LoadModel fresh_model(std::size_t kind, std::index_sequence<kIndices...> /*of LoadModel*/) {
  LoadModel model;
  ((kind == kIndices ? void(model = fresh<std::variant_alternative_t<kIndices, LoadModel>>())
                     : void()),
   ...);
  return model;
}

// In the order of LoadModel.
constexpr auto kExecutors = std::to_array<lab::Kind>({
    {"shared-iterations", "So many iterations, whoever is free."},
    {"per-vu-iterations", "So many iterations for each user."},
    {"constant-vus", "So many users for so long."},
    {"ramping-vus", "Users by stages."},
    {"constant-arrival-rate", "Iterations begin at a rate, however long they take."},
    {"ramping-arrival-rate", "A rate by stages."},
    {"poisson-arrival-rate", "Arrivals at random, as independent users make them; k6 has none."},
    {"saturation-search",
     "Rates that grow until a threshold fails: finds the highest that holds. k6 has none."},
});
static_assert(kExecutors.size() == std::variant_size_v<LoadModel>);

const lab::KindType kExecutor(
    kExecutors, [](const void* model) { return static_cast<const LoadModel*>(model)->index(); },
    [](void* model, std::size_t kind) {
      *static_cast<LoadModel*>(model) =
          fresh_model(kind, std::make_index_sequence<std::variant_size_v<LoadModel>>());
    });

// What there must be one of: validate() says so in k6's words.
constexpr lab::Bounds some(double max) { return lab::said_elsewhere(lab::between(1, max)); }

// What they mean needs the metrics, which the suite knows: Suite::search_thresholds.
const lab::ReadType<SaturationSearch> kSearchThresholds(
    [](const lab::JsonValue& /*value*/, SaturationSearch& /*model*/) {},
    [](lab::SchemaPrinter& /*printer*/) { return lab::Json{{"$ref", "#/$defs/thresholds"}}; });

const lab::ReadType<std::vector<Stage>> kStages(
    [](const lab::JsonValue& value, std::vector<Stage>& stages) { stages = read_stages(value); },
    stages_schema);

constexpr const char* kVus = "Virtual users.";
constexpr const char* kIterations = "Iterations, of all users together or of each.";
constexpr const char* kLonger = "And no longer.";

}  // namespace

static void fields(lab::Fields& f, Stage& c) {
  f.require("duration", c.duration, "In which the level goes there, in a straight line.");
  f.require("target", c.target, lab::between(0, kRateMax), "Users or rate at its end.");
}

static void fields(lab::Fields& f, VuPoolSize& c) {
  f.require("preAllocatedVUs", c.pre_allocated, lab::between(0, kVusMax),
            "Virtual users from the start on.");
  c.max = c.pre_allocated;
  f("maxVUs", c.max, some(kVusMax),
    lab::Says("And at most.").by_default("no more than preAllocatedVUs"));
}
static void fields(lab::Fields& f, SharedIterations& c) {
  f("vus", c.vus, some(kVusMax), kVus);
  f("iterations", c.iterations, some(kIterationsMax), kIterations);
  f("maxDuration", c.max_duration, kLonger);
}
static void fields(lab::Fields& f, PerVuIterations& c) {
  f("vus", c.vus, some(kVusMax), kVus);
  f("iterations", c.iterations, some(kIterationsMax), kIterations);
  f("maxDuration", c.max_duration, kLonger);
}
static void fields(lab::Fields& f, ConstantVus& c) {
  f("vus", c.vus, some(kVusMax), kVus);
  f.require("duration", c.duration, "At least 1s.");
}
static void fields(lab::Fields& f, RampingVus& c) {
  f("startVUs", c.start_vus, lab::between(0, kVusMax), "At the start.");
  f.require("stages", c.stages, kStages, "One after the other.");
  f("gracefulRampDown", c.graceful_ramp_down, "For iterations of users that leave.");
}
template <class Model>
static void steady_fields(lab::Fields& f, Model& c) {
  f.require("rate", c.rate, some(kRateMax), "Iterations begun in each timeUnit.");
  f("timeUnit", c.time_unit, "Of the rate.");
  f.require("duration", c.duration, "At least 1s.");
  fields(f, c.vus);
}
static void fields(lab::Fields& f, ConstantArrivalRate& c) { steady_fields(f, c); }
static void fields(lab::Fields& f, PoissonArrivalRate& c) { steady_fields(f, c); }
static void fields(lab::Fields& f, RampingArrivalRate& c) {
  f("startRate", c.start_rate, lab::between(0, kRateMax), "At the start.");
  f("timeUnit", c.time_unit, "Of the rates.");
  f.require("stages", c.stages, kStages, "One after the other.");
  fields(f, c.vus);
}
static void fields(lab::Fields& f, SaturationSearch& c) {
  f.require("startRate", c.start_rate, some(kRateMax), "Of the first level.");
  f.require("maxRate", c.max_rate, some(kRateMax), "Of the last.");
  f("timeUnit", c.time_unit, "Of the rates.");
  f.require("stepDuration", c.step_duration, "Of a level; at least 1s.");
  f("precision", c.precision, lab::said_elsewhere(lab::between(kPrecisionMin, kPrecisionMax)),
    "Of the rate that is found, as a share of it.");
  fields(f, c.vus);
  f("growth", c.growth, lab::said_elsewhere(lab::between(kGrowthMin, kGrowthMax)),
    "From level to level.");
  f("step", c.step, lab::between(1, kRateMax),
    lab::Says("From level to level, instead of growth.").by_default("none"));
  f.require("thresholds", c, kSearchThresholds, "As those of the suite; one that fails ends it.");
}

void fields(lab::Fields& f, Scenario& c) {
  f.visit_kind({"executor", "How the load is made.", true}, kExecutor, &c.model);
  f("startTime", c.start_time, "After the run's start.");
  f("gracefulStop", c.graceful_stop, "For iterations under way at the end.");
  f("exec", c.exec, lab::Says("The flow.").by_default("\"default\", or the only one"));
  f("env", c.env,
    lab::Says("Variables for this scenario's flow: ${NAME}; MODEL, MAX_TOKENS, TEMPERATURE and "
              "API_KEY as well. The user's environment wins.")
        .such_as(R"({"MODEL":"gpt-4"})"));
  f("tags", c.tags, lab::Says("Names and values, on its samples.").such_as(R"({"kind":"short"})"));
  f.ignored({"options", "Of k6's browser; without effect here."});
  std::visit([&f](auto& model) { fields(f, model); }, c.model);
}

namespace {

bool is_executor(const lab::Json& executor) {
  return std::ranges::any_of(kExecutors,
                             [&](const lab::Kind& kind) { return executor == kind.word; });
}

Scenario read_scenario(const std::string& name, const lab::JsonValue& value) {
  if (!is_scenario_name(name)) {
    value.problem("a scenario's name is made of letters, digits, \"_\" and \"-\"");
  }
  Scenario scenario;
  scenario.name = name;
  // k6 inspect prints all members of a scenario, null where nobody set them.
  const lab::Json set = object_as_k6_reads(value.json());
  const lab::JsonValue given(set, value.path(), value.problems());
  lab::JsonObject object(given);
  const auto executor = object.find("executor");
  // Without a known executor nothing can be said about the other keys.
  if (set.is_object() && (!executor || !is_executor(executor->json()))) {
    const lab::JsonValue missing = object.require("executor");
    if (missing.is_present()) kExecutor.read(missing, &scenario.model);
    return scenario;
  }
  lab::read_fields(given, scenario);
  if (std::holds_alternative<SaturationSearch>(scenario.model)) {
    const auto step = object.find("step");
    if (step && object.find("growth")) {
      step->problem("can't go with growth; give the one or the other");
    }
    if (scenario.graceful_stop == lab::Duration::zero()) {
      value.problem(
          "the gracefulStop must be more than 0: a level is judged by iterations that ended");
    }
  }
  for (std::string& what : validate(scenario.model)) value.problem(std::move(what));
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

namespace {

const lab::ListOf<Stage, lab::StructType> kStageList(lab::StructType::of<Stage>(),
                                                     {.min = 1,
                                                      .max = kStagesMax,
                                                      .too_few = "needs at least one stage",
                                                      .too_many = "more than 10000 stages"});

}  // namespace

std::vector<Stage> read_stages(const lab::JsonValue& value) {
  std::vector<Stage> stages;
  if (!value.is_null()) kStageList.read(value, &stages);
  return stages;
}
lab::Json stages_schema(lab::SchemaPrinter& printer) {
  return printer.named("stages", [&] { return kStageList.schema(printer, nullptr); });
}

TagMap read_tag_map(const lab::JsonValue& value) {
  TagMap tags;
  lab::JsonObject object = value.as_object();
  for (const auto& [name, member] : object.members()) tags[name] = member.as_string();
  return tags;
}

lab::Json scenarios_schema(lab::SchemaPrinter& printer) {
  const Scenario scenario;
  const lab::Json one = lab::StructType::of<Scenario>().schema(printer, &scenario);
  return lab::Json{
      {"type", "object"},
      {"additionalProperties", false},
      {"patternProperties", {{"^[0-9A-Za-z_-]+$", one}}},
      {"examples", {{{"chat", {{"executor", "constant-vus"}, {"vus", 10}, {"duration", "5m"}}}}}}};
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
