#include "loader/prove/experiment.h"

#include <algorithm>
#include <utility>

#include "loader/prove/proof_words.h"
#include "loader/summary/console_style.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

bool is_named(const std::string& name, const SuiteThreshold& threshold) {
  return name == threshold.metric || name == full_name(threshold);
}

// The first threshold of that name which is not as it should be.
template <class Predicate>
std::string first_unlike(const std::vector<std::string>& names,
                         const std::vector<SuiteThreshold>& thresholds, const RunReadings& readings,
                         Predicate is_right, const std::string& should) {
  for (const std::string& name : names) {
    bool is_any_right = false;
    std::string seen;
    for (std::size_t t = 0; t < thresholds.size(); ++t) {
      if (!is_named(name, thresholds[t])) continue;
      is_any_right = is_any_right || is_right(readings.thresholds[t]);
      const auto& observed = readings.thresholds[t].observed;
      seen += (seen.empty() ? "" : ", ") + (observed ? plain_number(*observed) : "no data");
    }
    if (!is_any_right) return name + " should " + should + "; it is " + seen;
  }
  return {};
}

}  // namespace

void fields(lab::Fields& f, ExperimentMutant& c) {
  f.require("family", c.family, "Of the catalogue of prove, such as status-500.");
  f("size", c.size, "Its reference size, if left out.");
}

void fields(lab::Fields& f, ExperimentSweep& c) {
  f.require("family", c.family, "Of the catalogue of prove, such as status-500.");
  f.require("sizes", c.sizes, "Each is run by itself.");
}

void fields(lab::Fields& f, Expectation& c) {
  f("pass", c.passes, "No threshold is red.");
  f("fail", c.fail,
    lab::Says("These thresholds are red: by their metric, or whole.").such_as(R"(["checks"])"));
  f("no_data", c.no_data, lab::Says("These have no samples.").such_as(R"(["checks"])"));
  f("noticed_within", c.noticed_within,
    "Some threshold is red so soon after the start; the run ends there.");
  f("from", c.from, "Of a sweep: the size from which on this is expected; below, all pass.");
}

void check(const lab::JsonValue& value, Expectation& expectation) {
  const bool is_red = !expectation.fail.empty() || !expectation.no_data.empty() ||
                      expectation.noticed_within.has_value();
  if (expectation.passes == is_red) {
    value.problem(
        "takes either \"pass\": true, or what is to go red: fail, no_data, noticed_within");
  }
}

void fields(lab::Fields& f, ExperimentCase& c) {
  f.require("name", c.name, "In reports; unique.");
  f("says", c.says, "Why one would want to know.");
  f.require("suite", c.suite,
            lab::Says("A suite's name or path, or a suite itself.").such_as(R"("smoke")"));
  f("gateway", c.gateway,
    lab::Says("A gateway file's name or path, or what it would say. By default healthy.")
        .such_as(R"({"faults":[{"fault":{"kind":"empty_content"}}]})"));
  f("network", c.network, lab::Says("The same of a network file.").such_as(R"("lossy")"));
  f("env", c.env, "Variables, as with -e.");
  f("duration", c.duration, "Of the suite's scenario, as with -d.");
  f("mutant", c.mutant, "What is broken besides.");
  f("sweep", c.sweep, "The same, at several sizes.");
  f("seed", c.seed, "Of the first run.");
  f("seeds", c.seeds, lab::between(1, 1000), "Runs of it; the seeds count up.");
  f.require("expect", c.expect, "What must hold in each of them.");
}

void check(const lab::JsonValue& value, ExperimentCase& experiment_case) {
  if (experiment_case.mutant && experiment_case.sweep) {
    value.problem("mutant and sweep both say what is broken; give one of them");
  }
  if (experiment_case.expect.from && !experiment_case.sweep) {
    value.problem("expect.from is of a sweep, and there is none");
  }
  const auto is_text_or_object = [](const lab::Json& json) {
    return json.is_null() || json.is_string() || json.is_object();
  };
  for (const auto& [key, json] : {std::pair{"suite", &*experiment_case.suite},
                                  std::pair{"gateway", &*experiment_case.gateway},
                                  std::pair{"network", &*experiment_case.network}}) {
    if (!is_text_or_object(*json)) {
      value.problem(std::string(key) + " takes a name, a path, or an object");
    }
  }
}

void fields(lab::Fields& f, Experiment& c) {
  f.ignored({"$schema", "Names this schema, for editors."});
  f("name", c.name, "In reports; by default the file's.");
  f.require("cases", c.cases, "Each with its runs.");
}

lab::Json experiment_schema(lab::SchemaPrinter& printer) {
  const Experiment defaults;
  return lab::StructType::of<Experiment>().schema(printer, &defaults);
}

lab::Result<Experiment> read_experiment(std::string_view text, const std::string& file) {
  const auto json = lab::parse_json(text, file);
  if (!json) return json.error();
  lab::JsonProblems problems(file);
  Experiment experiment;
  lab::read_fields(lab::JsonValue(*json, "", problems), experiment);
  if (!problems.empty()) return lab::Error{{}, problems.to_string()};
  if (experiment.name.empty()) experiment.name = file;
  return experiment;
}

std::string unmet(const Expectation& expectation, std::optional<double> size,
                  const std::vector<SuiteThreshold>& thresholds, const RunReadings& readings) {
  const bool is_below = expectation.from && size && *size < *expectation.from;
  if (expectation.passes || is_below) {
    for (std::size_t t = 0; t < thresholds.size(); ++t) {
      if (!readings.thresholds[t].is_red) continue;
      const auto& observed = readings.thresholds[t].observed;
      return full_name(thresholds[t]) + " should not be red; it is " +
             (observed ? plain_number(*observed) : "without data");
    }
    return readings.has_failed_otherwise ? "the run should pass; it ended with an error" : "";
  }
  const auto is_red = [](const ThresholdReading& reading) { return reading.is_red; };
  const auto has_none = [](const ThresholdReading& reading) { return !reading.observed; };
  std::string problem = first_unlike(expectation.fail, thresholds, readings, is_red, "be red");
  if (problem.empty()) {
    problem = first_unlike(expectation.no_data, thresholds, readings, has_none, "have no data");
  }
  if (!problem.empty() || !expectation.noticed_within) return problem;
  const bool is_noticed =
      std::any_of(readings.thresholds.begin(), readings.thresholds.end(), is_red);
  if (is_noticed && readings.duration <= *expectation.noticed_within) return {};
  return "some threshold should be red within " +
         lab::format_duration(*expectation.noticed_within) + "; " +
         (is_noticed ? "that took " + lab::format_duration(readings.duration) : "none is");
}

lab::Result<void> check_names(const Expectation& expectation,
                              const std::vector<SuiteThreshold>& thresholds) {
  for (const std::vector<std::string>* const names : {&expectation.fail, &expectation.no_data}) {
    for (const std::string& name : *names) {
      const bool is_known =
          std::any_of(thresholds.begin(), thresholds.end(),
                      [&name](const SuiteThreshold& each) { return is_named(name, each); });
      if (is_known) continue;
      std::string known;
      for (const SuiteThreshold& each : thresholds) {
        known += (known.empty() ? "" : ", ") + ("\"" + full_name(each) + "\"");
      }
      return lab::Error{"expect", "the suite has no threshold \"" + name + "\"; it has " + known};
    }
  }
  return {};
}

bool ExperimentOutcome::is_met() const {
  return std::all_of(cases.begin(), cases.end(),
                     [](const CaseOutcome& each) { return each.is_met(); });
}

std::string experiment_text(const ExperimentOutcome& outcome, bool has_colors) {
  const ConsoleStyle style{has_colors};
  std::string text = "\n  " + style.bold(outcome.name) + "\n\n";
  for (const CaseOutcome& each : outcome.cases) {
    text += each.is_met() ? style.green("✓ ") : style.red("✗ ");
    text += each.name + (each.size.empty() ? "" : " " + each.size);
    if (each.is_met()) {
      text += "\n";
      continue;
    }
    text += each.runs == 0 ? ": not run\n"
                           : ": as expected in " + std::to_string(each.met) + " of " +
                                 std::to_string(each.runs) + " runs\n    with seed " +
                                 std::to_string(each.unmet_seed) + ", " + each.unmet + "\n";
  }
  return text;
}

std::string experiment_json(const std::vector<ExperimentOutcome>& outcomes) {
  lab::Json all = lab::Json::array();
  for (const ExperimentOutcome& outcome : outcomes) {
    lab::Json one{
        {"name", outcome.name}, {"met", outcome.is_met()}, {"interrupted", outcome.is_interrupted}};
    one["cases"] = lab::Json::array();
    for (const CaseOutcome& each : outcome.cases) {
      lab::Json row{
          {"name", each.name}, {"met", each.is_met()}, {"runs", each.runs}, {"met_runs", each.met}};
      if (!each.says.empty()) row["says"] = each.says;
      if (!each.size.empty()) row["size"] = each.size;
      if (!each.unmet.empty()) {
        row["unmet"] = each.unmet;
        row["seed"] = each.unmet_seed;
      }
      one["cases"].push_back(std::move(row));
    }
    all.push_back(std::move(one));
  }
  return all.dump(2) + "\n";
}

}  // namespace loader
