// The doubts of a run in its own figures, as summary files have them.
#include <limits>
#include <optional>

#include "loader/summary/summary_reader_parts.h"

namespace loader {
namespace {

using lab::JsonObject;
using lab::JsonValue;

// A hundred years of milliseconds, and more than any count of a run.
constexpr double kFigureMost = 100.0 * 366 * 24 * 3600 * 1000;

double figure_of(JsonObject& json, std::string_view key) {
  return json.number(key, 0, 0, kFigureMost);
}

std::optional<double> known_figure(JsonObject& json, std::string_view key) {
  const auto found = json.find(key);
  return !found || found->is_null() ? std::nullopt : std::optional(figure_of(json, key));
}

LatenessFigures lateness_of(JsonObject& json, std::string_view key) {
  const auto found = json.find(key);
  if (!found) return {};
  JsonObject lateness = found->as_object();
  return {.samples = count_of(lateness, "samples"),
          .p50 = figure_of(lateness, "p(50)"),
          .p95 = figure_of(lateness, "p(95)"),
          .p99 = figure_of(lateness, "p(99)"),
          .max = figure_of(lateness, "max")};
}

DoubtFinding finding_of(JsonObject json) {
  const auto details = json.find("details");
  return {.kind = json.string("kind"),
          .text = json.string("text"),
          .details = details ? details->as_string_array() : std::vector<std::string>()};
}

// A bound that is none is null.
double bound_of(JsonObject& json, std::string_view key, double none) {
  const auto found = json.find(key);
  return !found || found->is_null() ? none : found->as_number();
}

DoubtfulVerdict verdict_of(JsonObject json) {
  constexpr double kUnbounded = std::numeric_limits<double>::infinity();
  return {.metric = json.string("metric"),
          .source = json.string("threshold"),
          .observed = bound_of(json, "observed", 0),
          .low = bound_of(json, "low", -kUnbounded),
          .high = bound_of(json, "high", kUnbounded),
          .text = json.string("text")};
}

}  // namespace

SelfDoubt doubt_of(JsonObject json) {
  SelfDoubt doubt;
  doubt.figures = {.reads = lateness_of(json, "reads_late"),
                   .timers = lateness_of(json, "timers_late"),
                   .starts = lateness_of(json, "starts_late"),
                   .busiest_thread = figure_of(json, "busiest_thread"),
                   .ready_share = figure_of(json, "waited_for_cpu"),
                   .cpus = figure_of(json, "cpus"),
                   .machine_idle = known_figure(json, "machine_idle"),
                   .machine_stolen = known_figure(json, "machine_stolen"),
                   .held_by_outputs = milliseconds_of(json, "held_by_outputs"),
                   .late_drops = count_of(json, "late_drops")};
  if (known_figure(json, "throttled")) doubt.figures.throttled = milliseconds_of(json, "throttled");
  if (const auto findings = json.find("findings")) {
    for (const JsonValue& each : findings->as_array()) {
      doubt.findings.push_back(finding_of(each.as_object()));
    }
  }
  if (const auto verdicts = json.find("verdicts")) {
    for (const JsonValue& each : verdicts->as_array()) {
      doubt.verdicts.push_back(verdict_of(each.as_object()));
    }
  }
  return doubt;
}

}  // namespace loader
