#include "loader/suite/options.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "loader/scenarios/scenario_reader.h"
#include "shared/base/json.h"

namespace loader {
namespace {

std::vector<Stage> scaled(std::vector<Stage> stages, lab::Duration total) {
  lab::Duration before{};
  for (const Stage& stage : stages) before += stage.duration;
  if (before == lab::Duration::zero()) return stages;
  const double factor = lab::to_seconds(total) / lab::to_seconds(before);
  for (Stage& stage : stages) {
    stage.duration = lab::from_seconds(lab::to_seconds(stage.duration) * factor);
  }
  return stages;
}

// The VUs of a model that has one number of them.
std::optional<std::uint64_t> vus_of(const LoadModel& model) {
  if (const auto* m = std::get_if<ConstantVus>(&model)) return m->vus;
  if (const auto* m = std::get_if<SharedIterations>(&model)) return m->vus;
  if (const auto* m = std::get_if<PerVuIterations>(&model)) return m->vus;
  return std::nullopt;
}

LoadModel with_stages(const LoadModel& model, const ExecutionShortcuts& flags) {
  RampingVus ramping;
  if (const auto* before = std::get_if<RampingVus>(&model)) ramping = *before;
  ramping.start_vus = flags.vus.value_or(ramping.start_vus);
  ramping.stages = flags.stages;
  return ramping;
}

LoadModel with_iterations(const LoadModel& model, const ExecutionShortcuts& flags) {
  SharedIterations shared;
  shared.iterations = *flags.iterations;
  // The suite's VUs, but none that would have nothing to do.
  shared.vus = flags.vus.value_or(std::min(vus_of(model).value_or(1), shared.iterations));
  shared.max_duration = flags.duration.value_or(shared.max_duration);
  return shared;
}

lab::Result<LoadModel> with_duration(LoadModel model, const ExecutionShortcuts& flags) {
  const lab::Duration duration = *flags.duration;
  if (flags.vus) return ConstantVus{*flags.vus, duration};
  if (std::holds_alternative<SaturationSearch>(model)) {
    return lab::Error{"-d",
                      "a saturation-search lasts until it has found its rate; change its "
                      "stepDuration in the file"};
  }
  if (auto* ramping = std::get_if<RampingVus>(&model)) {
    ramping->stages = scaled(std::move(ramping->stages), duration);
  } else if (auto* arrivals = std::get_if<RampingArrivalRate>(&model)) {
    arrivals->stages = scaled(std::move(arrivals->stages), duration);
  } else if (auto* steady = std::get_if<ConstantArrivalRate>(&model)) {
    steady->duration = duration;
  } else if (auto* random = std::get_if<PoissonArrivalRate>(&model)) {
    random->duration = duration;
  } else {
    model = ConstantVus{vus_of(model).value_or(1), duration};
  }
  return model;
}

lab::Result<LoadModel> with_vus(LoadModel model, std::uint64_t vus) {
  if (auto* constant = std::get_if<ConstantVus>(&model)) {
    constant->vus = vus;
  } else if (auto* shared = std::get_if<SharedIterations>(&model)) {
    shared->vus = vus;
  } else if (auto* each = std::get_if<PerVuIterations>(&model)) {
    each->vus = vus;
  } else {
    return lab::Error{"-u", "a number of VUs alone says nothing to " +
                                std::string(executor_name(model)) + "; add -d, -i or -s"};
  }
  return model;
}

lab::Result<LoadModel> with_flags(const LoadModel& model, const ExecutionShortcuts& flags) {
  if (!flags.stages.empty()) return with_stages(model, flags);
  if (flags.iterations) return with_iterations(model, flags);
  if (flags.duration) return with_duration(model, flags);
  return with_vus(model, *flags.vus);
}

// The single scenario that flags are about. Of several that run one flow only the flow is left.
lab::Result<Scenario> base_of(std::vector<Scenario> scenarios) {
  if (scenarios.size() == 1) return std::move(scenarios.front());
  Scenario base;
  base.name = "default";
  base.exec = scenarios.front().exec;
  for (const Scenario& scenario : scenarios) {
    if (scenario.exec == base.exec) continue;
    return lab::Error{"-u, -d, -i, -s",
                      "the suite has several scenarios with different flows; "
                      "change their load in the file"};
  }
  return base;
}

std::optional<lab::Error> find_conflict(const ExecutionShortcuts& shortcuts) {
  if (shortcuts.stages.empty() || (!shortcuts.iterations && !shortcuts.duration))
    return std::nullopt;
  return lab::Error{{},
                    std::string("stages and ") +
                        (shortcuts.iterations ? "iterations" : "duration") +
                        " both say what is to be run; give one of iterations, duration and stages"};
}

std::optional<lab::Error> first_wrong(const LoadModel& model) {
  std::vector<std::string> wrong = validate(model);
  if (wrong.empty()) return std::nullopt;
  return lab::Error{std::string(executor_name(model)), std::move(wrong.front())};
}

}  // namespace

lab::Result<std::vector<Scenario>> scenarios_of(const ExecutionShortcuts& shortcuts) {
  if (auto conflict = find_conflict(shortcuts)) return *std::move(conflict);
  Scenario scenario;
  scenario.name = "default";
  const std::uint64_t vus = shortcuts.vus.value_or(1);
  if (!shortcuts.stages.empty()) {
    scenario.model = with_stages(scenario.model, shortcuts);
  } else if (shortcuts.iterations) {
    scenario.model = with_iterations(SharedIterations{vus, vus}, shortcuts);
  } else if (shortcuts.duration) {
    scenario.model = ConstantVus{vus, *shortcuts.duration};
  } else if (shortcuts.vus) {
    scenario.model = SharedIterations{vus, vus};
  } else {
    scenario.model = PerVuIterations{};
  }
  if (auto wrong = first_wrong(scenario.model)) return *std::move(wrong);
  return std::vector<Scenario>{std::move(scenario)};
}

lab::Result<std::vector<Scenario>> apply_shortcuts(std::vector<Scenario> scenarios,
                                                   const ExecutionShortcuts& flags) {
  if (flags.is_empty()) return scenarios;
  if (auto conflict = find_conflict(flags)) return *std::move(conflict);
  auto base = base_of(std::move(scenarios));
  if (!base) return base.error();
  auto model = with_flags(base->model, flags);
  if (!model) return model.error();
  base->model = *std::move(model);
  if (auto wrong = first_wrong(base->model)) return *std::move(wrong);
  return std::vector<Scenario>{*std::move(base)};
}

namespace {

lab::Json json_of(const std::vector<Stage>& stages) {
  lab::Json all = lab::Json::array();
  for (const Stage& stage : stages) {
    all.push_back({{"duration", lab::format_duration(stage.duration)}, {"target", stage.target}});
  }
  return all;
}

lab::Json consolidated(lab::Json options, const ExecutionShortcuts& flags, bool say_what_is_run) {
  if (say_what_is_run) {
    for (const char* key : {"scenarios", "iterations", "duration", "stages"}) options.erase(key);
  }
  if (flags.vus) options["vus"] = *flags.vus;
  if (flags.iterations) options["iterations"] = *flags.iterations;
  if (flags.duration) options["duration"] = lab::format_duration(*flags.duration);
  if (!flags.stages.empty()) options["stages"] = json_of(flags.stages);
  return options;
}

}  // namespace

lab::Result<void> apply_shortcuts_to_script(Options& options, const ExecutionShortcuts& flags) {
  if (flags.is_empty()) return {};
  const bool say_what_is_run = flags.iterations || flags.duration || !flags.stages.empty();
  options.consolidated = consolidated(*options.consolidated, flags, say_what_is_run);
  if (!say_what_is_run && !options.scenarios_as_written->is_null()) {
    options.warnings.emplace_back(
        "-u has no effect beside scenarios, which have their own; say with -d, -i or -s what is to "
        "be run instead");
    return {};
  }
  ExecutionShortcuts all = say_what_is_run ? flags : options.shortcuts;
  all.vus = flags.vus ? flags.vus : options.shortcuts.vus;
  auto scenarios = scenarios_of(all);
  if (!scenarios) return scenarios.error();
  if (!options.scenarios_as_written->is_null()) {
    options.warnings.emplace_back(
        "-d, -i and -s replace the script's scenarios: its default function is run");
    options.scenarios_as_written = lab::Json();
  }
  options.scenarios = std::move(*scenarios);
  return {};
}

lab::Result<std::vector<Stage>> parse_stages(std::string_view text) {
  std::vector<Stage> stages;
  const lab::Error malformed{
      "--stage", "\"" + std::string(text) + "\" is not DURATION:TARGET, for example \"30s:10\""};
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    const std::size_t colon = item.find(':');
    if (colon == std::string_view::npos) return malformed;
    const auto duration = lab::parse_duration(item.substr(0, colon));
    Stage stage;
    const char* const end = item.data() + item.size();
    const auto [parsed, ec] = std::from_chars(item.data() + colon + 1, end, stage.target);
    if (!duration || *duration < lab::Duration::zero() || ec != std::errc{} || parsed != end) {
      return malformed;
    }
    stage.duration = *duration;
    stages.push_back(stage);
    if (comma == std::string_view::npos) return stages;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace loader
