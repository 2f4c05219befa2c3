#include "loader/command/experiment_command.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <ostream>
#include <utility>

#include "loader/command/report_flags.h"
#include "loader/command/run_preparation.h"
#include "loader/command/run_report.h"
#include "loader/outputs/output_file.h"
#include "loader/prove/experiment.h"
#include "loader/prove/observed_requests.h"
#include "loader/prove/parallel.h"
#include "loader/prove/prover.h"
#include "loader/world/interrupt_flag.h"
#include "loader/world/simulation.h"
#include "shared/base/flags.h"
#include "shared/base/json.h"
#include "shared/base/named_file.h"

namespace loader {
namespace {

constexpr std::array kExperimentFlags{
    lab::Flag{"json", "FILE", lab::FlagTakes::one, "write the outcome as JSON"},
    lab::Flag{"threads", "N", lab::FlagTakes::one,
              "threads (one a core); they change nothing in the outcome"},
    lab::Flag{"no-color", "", lab::FlagTakes::nothing, "no colors"},
};

constexpr std::uint64_t kExperimentThreadsMax = 256;

std::string known_experiments() {
  std::string known;
  for (const std::string& name : lab::builtin_names("experiments")) known += " " + name;
  return known;
}

/// A case or a size of its sweep, made ready to run.
struct ReadyCase {
  const ExperimentCase* source = nullptr;
  std::shared_ptr<const PreparedRun> prepared;
  std::vector<SuiteThreshold> thresholds;
  MutantWorld world;
  std::string gateway_file;
  std::optional<double> size;
  CaseOutcome outcome;
};

/// Runs one file.
class ExperimentSession {
 public:
  ExperimentSession(Experiment experiment, std::string folder)
      : experiment_(std::move(experiment)), folder_(std::move(folder)) {}

  lab::Result<ExperimentOutcome> run(unsigned threads, const InterruptFlag& interrupt) {
    for (const ExperimentCase& each : experiment_.cases) {
      if (const auto ready = prepare(each); !ready) {
        return lab::Error{experiment_.name + ": " + each.name, ready.error().to_string()};
      }
    }
    std::vector<std::string> errors(ready_.size());
    for_each_in_parallel(ready_.size(), threads,
                         [&](std::size_t i) { errors[i] = run(ready_[i], interrupt); });
    ExperimentOutcome outcome{.name = experiment_.name, .cases = {}};
    outcome.is_interrupted = interrupt.is_raised();
    for (std::size_t i = 0; i < ready_.size(); ++i) {
      if (!errors[i].empty() && !outcome.is_interrupted) {
        return lab::Error{experiment_.name + ": " + ready_[i].source->name, errors[i]};
      }
      outcome.cases.push_back(std::move(ready_[i].outcome));
    }
    return outcome;
  }

 private:
  lab::Result<void> prepare(const ExperimentCase& source) {
    auto prepared = prepare_suite(source);
    if (!prepared) return prepared.error();
    auto sound = sound_world(source);
    if (!sound) return sound.error();
    if (const auto seen = observe_requests(prepared->suite, prepared->spec, *sound); !seen) {
      return seen.error();
    }
    const auto shared = std::make_shared<const PreparedRun>(*std::move(prepared));
    const std::vector<SuiteThreshold> thresholds = thresholds_of(shared->suite);
    if (const auto known = check_names(source.expect, thresholds); !known) return known.error();
    const auto add = [&](MutantWorld world, std::optional<double> size, std::string size_text) {
      ready_.push_back(
          {&source,
           shared,
           thresholds,
           std::move(world),
           sound->gateway_file,
           size,
           {.name = source.name, .says = source.says, .size = std::move(size_text), .unmet = {}}});
    };
    if (!source.mutant && !source.sweep) {
      add({sound->gateway, sound->network}, std::nullopt, "");
      return {};
    }
    const auto family = find_family(source.mutant ? source.mutant->family : source.sweep->family);
    if (!family) return family.error();
    const std::vector<double> sizes =
        source.sweep ? source.sweep->sizes
                     : std::vector<double>{source.mutant->size.value_or(family->reference)};
    for (const double size : sizes) {
      const auto world =
          make_mutant(*sound, *family, MutantWindow::whole, size, habits_of(shared->suite));
      if (!world) return world.error();
      add(*world, size, source.sweep ? family->size_text(size) : "");
    }
    return {};
  }

  static lab::Result<MutantFamily> find_family(const std::string& name) {
    std::vector<std::string_view> known;
    for (const MutantFamily& family : builtin_mutant_families()) {
      if (family.name == name) return family;
      known.push_back(family.name);
    }
    const auto near = lab::nearest(name, known);
    return lab::Error{"family", "there is no family \"" + name + "\"" +
                                    (near ? "; did you mean " + std::string(*near) + "?" : "")};
  }

  // A path is from the experiment's file on; anything else is the name of a built-in one.
  [[nodiscard]] std::string place_of(const std::string& name) const {
    std::error_code ignored;
    const std::string beside = folder_ + "/" + name;
    return !folder_.empty() && std::filesystem::is_regular_file(beside, ignored) ? beside : name;
  }

  lab::Result<PreparedRun> prepare_suite(const ExperimentCase& source) const {
    RunCommand run;
    run.simulate = "";
    run.seed = source.seed;
    run.shortcuts.duration = source.duration;
    if (source.suite->is_string()) {
      run.suite = place_of(source.suite->get<std::string>());
    } else {
      run.suite = source.name;
      run.suite_text = source.suite->dump();
    }
    for (const auto& [name, value] : source.env) run.assignments.push_back(name + "=" + value);
    const auto environment = make_environment({}, run.assignments);
    if (!environment) return environment.error();
    auto prepared = prepare_run(run, *environment);
    if (prepared && source.expect.noticed_within) {
      for (MetricThresholds& metric : prepared->suite.thresholds) {
        for (Threshold& threshold : metric.thresholds) threshold.abort_on_fail = true;
      }
    }
    return prepared;
  }

  lab::Result<SoundWorld> sound_world(const ExperimentCase& source) const {
    SoundWorld world;
    world.network = lab::OwnedJson::object();
    if (source.gateway->is_object()) {
      world.gateway = source.gateway;
      world.gateway_file = folder_.empty() ? "gateway" : folder_ + "/gateway";
    } else {
      const auto gateway = find_gateway(
          source.gateway->is_null() ? "" : place_of(source.gateway->get<std::string>()));
      if (!gateway) return gateway.error();
      const auto json = lab::parse_json(gateway->text, gateway->file);
      if (!json) return json.error();
      world.gateway = *json;
      world.gateway_file = gateway->file;
    }
    if (source.network->is_object()) world.network = source.network;
    if (source.network->is_string()) {
      const auto named =
          lab::find_named_file("networks", place_of(source.network->get<std::string>()), "network");
      if (!named) return named.error();
      const auto json = lab::parse_json(named->text, named->file);
      if (!json) return json.error();
      world.network = *json;
    }
    return world;
  }

  /// What could not be run; empty: nothing.
  static std::string run(ReadyCase& ready, const InterruptFlag& interrupt) {
    const ProofSubject subject{
        .suite = ready.prepared->suite,
        .spec = ready.prepared->spec,
        .sound = {.gateway = {}, .gateway_file = ready.gateway_file, .network = {}},
        .gateway_name = ready.gateway_file,
        .network_name = "network",
        .impossible = {}};
    for (std::uint64_t i = 0; i < ready.source->seeds; ++i) {
      const std::uint64_t seed = ready.source->seed + i;
      const auto readings =
          run_in_world(subject, ready.world, seed, [&interrupt] { return interrupt.is_raised(); });
      if (!readings) return readings.error().to_string();
      ++ready.outcome.runs;
      std::string problem = unmet(ready.source->expect, ready.size, ready.thresholds, *readings);
      if (problem.empty()) {
        ++ready.outcome.met;
      } else if (ready.outcome.unmet.empty()) {
        ready.outcome.unmet = std::move(problem);
        ready.outcome.unmet_seed = seed;
      }
    }
    return {};
  }

  Experiment experiment_;
  std::string folder_;
  std::vector<ReadyCase> ready_;
};

lab::Result<ExperimentOutcome> run_file(const std::string& name, unsigned threads,
                                        const InterruptFlag& interrupt) {
  const auto named = lab::find_named_file("experiments", name, "experiment");
  if (!named) return named.error();
  auto experiment = read_experiment(named->text, named->file);
  if (!experiment) return experiment.error();
  std::string folder;
  if (!named->is_builtin) folder = std::filesystem::path(named->file).parent_path().string();
  if (!named->is_builtin && folder.empty()) folder = ".";
  return ExperimentSession(*std::move(experiment), std::move(folder)).run(threads, interrupt);
}

}  // namespace

lab::Result<ExperimentCommand> parse_experiment_command(const std::vector<std::string>& arguments) {
  const auto flags = lab::GivenFlags::parse(kExperimentFlags, "file", arguments);
  if (!flags) return flags.error();
  if (const auto once = check_said_once(*flags); !once) return once.error();
  ExperimentCommand command;
  for (const lab::Setting& file : flags->all("file")) command.files.push_back(file.text);
  if (command.files.empty()) {
    return lab::Error{{}, "which experiment? a file, or a built-in one:" + known_experiments()};
  }
  if (const auto json = flags->find("json")) command.json = json->text;
  if (const auto threads = flags->find("threads")) {
    const auto number = threads->as_number(1, kExperimentThreadsMax);
    if (!number) return number.error();
    command.threads = static_cast<unsigned>(*number);
  }
  const auto no_color = flags->is_on("no-color");
  if (!no_color) return no_color.error();
  command.no_color = *no_color;
  return command;
}

std::span<const lab::Flag> experiment_flags() { return kExperimentFlags; }

std::string experiment_usage() {
  return "Usage: loader experiment FILE... [flags]\n\n"
         "Runs suites in virtual time against gateways with faults, and compares what their\n"
         "thresholds say with what is expected. FILE is a path or one of the built-in\n"
         "experiments:" +
         known_experiments() + ".\n\n" + lab::flags_help(kExperimentFlags) +
         "\nExit codes: 0 all as expected; 104 wrong flags or files; 105 interrupted; 120 not as "
         "expected.\n";
}

ExitCode experiment_command(const ExperimentCommand& command, Console console) {
  if (!command.json.empty()) {
    if (const auto may = check_writable(command.json); !may) {
      return refuse(console, may.error());
    }
  }
  const unsigned threads = command.threads.value_or(threads_by_default());
  const InterruptFlag interrupt;
  std::vector<ExperimentOutcome> outcomes;
  for (const std::string& file : command.files) {
    auto outcome = run_file(file, threads, interrupt);
    if (!outcome) return refuse(console, outcome.error());
    outcomes.push_back(*std::move(outcome));
    const bool has_colors = console.is_out_terminal && !command.no_color;
    (is_standard_output(command.json) ? console.err : console.out)
        << experiment_text(outcomes.back(), has_colors);
    if (outcomes.back().is_interrupted) break;
  }
  if (!command.json.empty()) {
    const auto written = write_file({command.json, experiment_json(outcomes)}, console.out);
    if (!written) return refuse(console, written.error());
  }
  if (outcomes.back().is_interrupted) return ExitCode::interrupted;
  const bool is_met = std::all_of(outcomes.begin(), outcomes.end(),
                                  [](const ExperimentOutcome& each) { return each.is_met(); });
  return is_met ? ExitCode::ok : ExitCode::not_proven;
}

}  // namespace loader
