#include "mockgw/config/timeline.h"

#include <array>
#include <string_view>

#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr std::size_t kPhasesMax = 64;

// What is set up once, before the first phase.
constexpr auto kFixedSections =
    std::to_array<std::string_view>({"listen", "seed", "timeline", "limits", "timeouts"});

TimelinePhase read_phase(const lab::JsonValue& value, std::size_t number) {
  lab::JsonObject object = value.as_object();
  TimelinePhase phase;
  phase.name = object.string("name", "phase-" + std::to_string(number));
  phase.at = object.duration("at", {});
  if (const auto v = object.find("for")) phase.length = v->as_duration();
  const lab::JsonValue set = object.require("set");
  phase.set = set.json();
  for (const std::string_view section : kFixedSections) {
    if (set.json().is_object() && set.json().contains(section)) {
      set.problem("\"" + std::string(section) + "\" cannot change while the gateway runs");
    }
  }
  object.finish();
  return phase;
}

bool contains(const TimelinePhase& phase, lab::Duration elapsed) {
  return elapsed >= phase.at && (!phase.length || elapsed - phase.at < *phase.length);
}

}  // namespace

std::vector<TimelinePhase> read_timeline(const lab::JsonValue& value) {
  std::vector<TimelinePhase> phases;
  for (const lab::JsonValue& element : value.as_array()) {
    phases.push_back(read_phase(element, phases.size() + 1));
  }
  if (phases.size() > kPhasesMax) value.problem("at most 64 phases are allowed");
  return phases;
}

lab::Json to_json(const std::vector<TimelinePhase>& phases) {
  lab::Json json = lab::Json::array();
  for (const TimelinePhase& phase : phases) {
    lab::Json element{{"name", phase.name}, {"at", lab::format_duration(phase.at)}};
    if (phase.length) element["for"] = lab::format_duration(*phase.length);
    element["set"] = *phase.set;
    json.push_back(std::move(element));
  }
  return json;
}

std::optional<std::size_t> phase_at(const std::vector<TimelinePhase>& phases,
                                    lab::Duration elapsed) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    if (!contains(phases[i], elapsed)) continue;
    if (!found || phases[i].at >= phases[*found].at) found = i;
  }
  return found;
}

}  // namespace mockgw
