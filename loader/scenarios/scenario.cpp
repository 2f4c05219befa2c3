#include "loader/scenarios/scenario.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "loader/scenarios/saturation_search.h"
#include "loader/scenarios/scenario_share.h"
#include "shared/base/overloaded.h"

namespace loader {
namespace {

lab::Duration total(const std::vector<Stage>& stages) {
  lab::Duration sum{};
  for (const Stage& stage : stages) sum += stage.duration;
  return sum;
}

std::uint64_t highest(std::uint64_t start, const std::vector<Stage>& stages) {
  std::uint64_t level = start;
  for (const Stage& stage : stages) level = std::max(level, stage.target);
  return level;
}

std::string rate_text(std::uint64_t rate, lab::Duration time_unit, double fraction) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f iterations/s",
                static_cast<double>(rate) * fraction / lab::to_seconds(time_unit));
  return text;
}

std::string pool_text(const VuPoolSize& vus, const ExecutionShare& share) {
  const std::string low = std::to_string(share.scale(vus.pre_allocated));
  const std::string high = std::to_string(share.scale(vus.max));
  return "maxVUs: " + (low == high ? low : low + "-" + high);
}

// " (fact, exec: chat, startTime: 5s, gracefulStop: 30s)".
std::string facts(const Scenario& scenario, std::string text) {
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!text.empty()) text += ", ";
    text.append(name).append(": ").append(value);
  };
  if (scenario.exec) add("exec", *scenario.exec);
  if (scenario.start_time > lab::Duration::zero()) {
    add("startTime", lab::format_duration(scenario.start_time));
  }
  if (scenario.graceful_stop > lab::Duration::zero()) {
    add("gracefulStop", lab::format_duration(scenario.graceful_stop));
  }
  return text.empty() ? text : " (" + text + ")";
}

ExecutionShare starts_of(const LoadModel& model, const ExecutionShare& share) {
  const auto of_scenario = scenario_share(model, share);
  return of_scenario ? of_scenario->starts : share;
}

// The stages of a ramping model and the level that it starts from; null for the others.
struct Profile {
  std::uint64_t start = 0;
  const std::vector<Stage>* stages = nullptr;
};

Profile profile_of(const LoadModel& model) {
  if (const auto* m = std::get_if<RampingVus>(&model)) return {m->start_vus, &m->stages};
  if (const auto* m = std::get_if<RampingArrivalRate>(&model)) return {m->start_rate, &m->stages};
  return {};
}

std::string phase_of(std::uint64_t from, std::uint64_t target) {
  const std::string level = std::to_string(target);
  if (target == from) return "hold-" + level;
  return (target > from ? "ramp-up-" : "ramp-down-") + level;
}

lab::Duration times(lab::Duration duration, double factor) {
  return lab::from_seconds(lab::to_seconds(duration) * factor);
}

void lengthen(std::vector<Stage>& stages, double factor) {
  for (Stage& stage : stages) stage.duration = times(stage.duration, factor);
}

std::uint64_t times(std::uint64_t count, double factor) {
  const long long product = std::llround(static_cast<double>(count) * factor);
  return static_cast<std::uint64_t>(std::max(1LL, product));
}

constexpr std::string_view kLastPhase = "graceful-stop";

}  // namespace

Scenario lengthened(Scenario scenario, double factor) {
  scenario.start_time = times(scenario.start_time, factor);
  const auto longer = [factor](auto& steady) { steady.duration = times(steady.duration, factor); };
  const auto more = [factor](auto& counted) {
    counted.iterations = times(counted.iterations, factor);
    counted.max_duration = times(counted.max_duration, std::max(1.0, factor));
  };
  std::visit(lab::Overloaded{
                 [&](SharedIterations& model) { more(model); },
                 [&](PerVuIterations& model) { more(model); },
                 [&](ConstantVus& model) { longer(model); },
                 [&](RampingVus& model) { lengthen(model.stages, factor); },
                 [&](ConstantArrivalRate& model) { longer(model); },
                 [&](RampingArrivalRate& model) { lengthen(model.stages, factor); },
                 [&](PoissonArrivalRate& model) { longer(model); },
                 [&](SaturationSearch& model) {
                   model.step_duration = times(model.step_duration, factor);
                 },
             },
             scenario.model);
  return scenario;
}

std::string_view executor_name(const LoadModel& model) {
  struct Name {
    std::string_view operator()(const SharedIterations&) const { return "shared-iterations"; }
    std::string_view operator()(const PerVuIterations&) const { return "per-vu-iterations"; }
    std::string_view operator()(const ConstantVus&) const { return "constant-vus"; }
    std::string_view operator()(const RampingVus&) const { return "ramping-vus"; }
    std::string_view operator()(const ConstantArrivalRate&) const {
      return "constant-arrival-rate";
    }
    std::string_view operator()(const RampingArrivalRate&) const { return "ramping-arrival-rate"; }
    std::string_view operator()(const PoissonArrivalRate&) const { return "poisson-arrival-rate"; }
    std::string_view operator()(const SaturationSearch&) const { return "saturation-search"; }
  };
  return std::visit(Name{}, model);
}

lab::Duration regular_duration(const LoadModel& model) {
  return std::visit(
      []<class Model>(const Model& m) {
        if constexpr (requires { m.stages; }) {
          return total(m.stages);
        } else if constexpr (requires { m.max_duration; }) {
          return m.max_duration;
        } else if constexpr (requires { m.step_duration; }) {
          return m.step_duration * static_cast<std::int64_t>(search_levels_max(m));
        } else {
          return m.duration;
        }
      },
      model);
}

std::string describe(const Scenario& scenario, const ExecutionShare& share) {
  const std::string duration = lab::format_duration(regular_duration(scenario.model));
  const auto count = [](std::uint64_t n) { return std::to_string(n); };
  return std::visit(
      lab::Overloaded{
          [&](const SharedIterations& m) {
            return count(starts_of(scenario.model, share).scale(m.iterations)) +
                   " iterations shared among " + count(share.scale(m.vus)) + " VUs" +
                   facts(scenario, "maxDuration: " + duration);
          },
          [&](const PerVuIterations& m) {
            return count(m.iterations) + " iterations for each of " + count(share.scale(m.vus)) +
                   " VUs" + facts(scenario, "maxDuration: " + duration);
          },
          [&](const ConstantVus& m) {
            return count(share.scale(m.vus)) + " looping VUs for " + duration + facts(scenario, "");
          },
          [&](const RampingVus& m) {
            return "Up to " + count(share.scale(highest(m.start_vus, m.stages))) +
                   " looping VUs for " + duration + " over " + count(m.stages.size()) + " stages" +
                   facts(scenario,
                         "gracefulRampDown: " + lab::format_duration(m.graceful_ramp_down));
          },
          [&](const RampingArrivalRate& m) {
            return "Up to " +
                   rate_text(highest(m.start_rate, m.stages), m.time_unit,
                             starts_of(scenario.model, share).fraction()) +
                   " for " + duration + " over " + count(m.stages.size()) + " stages" +
                   facts(scenario, pool_text(m.vus, share));
          },
          [&](const ConstantArrivalRate& m) {
            return rate_text(m.rate, m.time_unit, starts_of(scenario.model, share).fraction()) +
                   " for " + duration + facts(scenario, pool_text(m.vus, share));
          },
          [&](const PoissonArrivalRate& m) {
            return rate_text(m.rate, m.time_unit, starts_of(scenario.model, share).fraction()) +
                   " at random for " + duration + facts(scenario, pool_text(m.vus, share));
          },
          [&](const SaturationSearch& m) {
            return rate_text(m.start_rate, m.time_unit, 1) + " up to " +
                   rate_text(m.max_rate, m.time_unit, 1) + " in search of saturation, at most " +
                   count(search_levels_max(m)) + " levels of " +
                   lab::format_duration(m.step_duration) + facts(scenario, pool_text(m.vus, share));
          },
      },
      scenario.model);
}

std::string phase_name(const LoadModel& model, lab::Duration offset) {
  const Profile profile = profile_of(model);
  if (profile.stages == nullptr) return {};
  std::uint64_t from = profile.start;
  for (const Stage& stage : *profile.stages) {
    if (offset < stage.duration) return phase_of(from, stage.target);
    offset -= stage.duration;
    from = stage.target;
  }
  return std::string(kLastPhase);
}

std::vector<std::string> phase_names(const LoadModel& model) {
  const Profile profile = profile_of(model);
  if (profile.stages == nullptr) return {};
  std::vector<std::string> names;
  std::uint64_t from = profile.start;
  for (const Stage& stage : *profile.stages) {
    names.push_back(phase_of(from, stage.target));
    from = stage.target;
  }
  names.emplace_back(kLastPhase);
  return names;
}

std::vector<lab::Duration> phase_ends(const LoadModel& model) {
  const Profile profile = profile_of(model);
  if (profile.stages == nullptr) return {};
  std::vector<lab::Duration> ends;
  lab::Duration end{};
  for (const Stage& stage : *profile.stages) ends.push_back(end += stage.duration);
  return ends;
}

bool is_open(const LoadModel& model) {
  return std::holds_alternative<ConstantArrivalRate>(model) ||
         std::holds_alternative<RampingArrivalRate>(model) ||
         std::holds_alternative<PoissonArrivalRate>(model) ||
         std::holds_alternative<SaturationSearch>(model);
}

}  // namespace loader
