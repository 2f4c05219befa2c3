#include "loader/command/prove_command.h"

#include <filesystem>
#include <functional>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

#include "loader/command/prove_preparation.h"
#include "loader/command/prove_progress.h"
#include "loader/command/replay.h"
#include "loader/command/run_report.h"
#include "loader/outputs/output_file.h"
#include "loader/prove/exec_trials.h"
#include "loader/prove/observed_requests.h"
#include "loader/prove/proof_html.h"
#include "loader/prove/proof_json.h"
#include "loader/prove/proof_junit.h"
#include "loader/prove/proof_markdown.h"
#include "loader/prove/proof_text.h"
#include "loader/prove/prover.h"
#include "loader/prove/suite_characteristic.h"
#include "loader/world/interrupt_flag.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using Render = std::function<std::string(const Proof&)>;

/// The reports that were asked for, and their places.
std::vector<std::pair<std::string, Render>> reports_of(const ProveCommand& command) {
  std::vector<std::pair<std::string, Render>> all;
  const auto add = [&all](const std::string& place, Render render) {
    if (!place.empty()) all.emplace_back(place, std::move(render));
  };
  add(command.json, proof_json);
  add(command.junit, proof_junit);
  add(command.markdown, proof_markdown);
  add(command.html, proof_html);
  return all;
}

lab::Result<void> check_reports(const ProveCommand& command) {
  std::set<std::string> places;
  for (const auto& [place, render] : reports_of(command)) {
    if (!places.insert(std::filesystem::path(place).lexically_normal().string()).second) {
      return lab::Error{place, "two reports cannot be written to one place"};
    }
    if (const auto may = check_writable(place); !may) return may.error();
  }
  return {};
}

/// Shows and writes a proof, and says how it ends.
ExitCode report_proof(const Proof& proof, const ProveCommand& command, const Console& console) {
  bool is_output_taken = false;
  for (const auto& [place, render] : reports_of(command)) {
    is_output_taken = is_output_taken || is_standard_output(place);
    if (const auto written = write_file({place, render(proof)}, console.out); !written) {
      return refuse(console, written.error());
    }
  }
  const bool has_colors = console.is_out_terminal && !command.no_color;
  (is_output_taken ? console.err : console.out) << proof_text(proof, has_colors);
  if (proof.is_interrupted) return ExitCode::interrupted;
  if (!proof.errors.empty()) return ExitCode::failure;
  return proof.holds() ? ExitCode::ok : ExitCode::not_proven;
}

std::string shortcut_flags(const ExecutionShortcuts& shortcuts) {
  std::string flags;
  if (shortcuts.vus) flags += " -u " + std::to_string(*shortcuts.vus);
  if (shortcuts.iterations) flags += " -i " + std::to_string(*shortcuts.iterations);
  if (shortcuts.duration) flags += " -d " + lab::format_duration(*shortcuts.duration);
  return flags;
}

/// Writes the worlds of a proof's mutants, each at its reference size.
lab::Result<void> write_mutants(const Proof& proof, const std::string& folder,
                                const SoundWorld& sound, const SuiteHabits& habits,
                                std::ostream& output) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  for (const FamilyProof& family : proof.families) {
    if (!family.is_asked()) continue;
    const auto world =
        make_mutant(sound, family.family, family.window, family.family.reference, habits);
    if (!world) return world.error();
    const std::string path = folder + "/" + family.name;
    const auto write = [&output](const std::string& place, const lab::Json& json) {
      return write_file({place, json.dump(2) + "\n"}, output);
    };
    if (const auto written = write(path + ".json", *world->gateway); !written) return written;
    if (world->network->empty()) continue;
    const auto written = write(path + ".network.json", *world->network);
    if (!written) return written;
  }
  return {};
}

// The files stand where --write-mutants puts them, by default in a folder of that name.
std::string mutants_folder(const ProveCommand& command) {
  return command.write_mutants.empty() ? "mutants" : command.write_mutants;
}

// Of options alone the suite is written, too.
std::string composed_place(const ProveCommand& command, const std::string& suite) {
  return mutants_folder(command) + "/" + suite + ".suite.json";
}

void add_commands(Proof& proof, const ProveCommand& command) {
  const std::string suite =
      command.flow.empty() ? command.suite : composed_place(command, proof.suite);
  for (FamilyProof& family : proof.families) {
    if (!family.is_asked()) continue;
    const std::string file = mutants_folder(command) + "/" + family.name;
    family.command = "loader run " + shell_quoted(suite) + " " +
                     shell_quoted("--simulate=" + file + ".json") + " --seed " +
                     std::to_string(proof.seed);
    if (!family.family.network->is_null() || !command.network.empty()) {
      family.command += " --network " + shell_quoted(file + ".network.json");
    }
    family.command += shortcut_flags(command.shortcuts);
    for (const std::string& each : command.assignments)
      family.command += " -e " + shown_argument(each);
  }
}

/// The commands of one subject: proving it, or a threshold's operating characteristic.
class ProofSession {
 public:
  ProofSession(const ProveCommand& command, PreparedSuite suite, std::vector<MutantFamily> families,
               SoundWorld sound, Console console)
      : command_(command),
        prepared_(std::move(suite.run)),
        composed_(std::move(suite.composed)),
        families_(std::move(families)),
        sound_(std::move(sound)),
        console_(console),
        line_(console_, command.quiet) {}

  ExitCode prove_suite() {
    if (const auto seen = observe_requests(prepared_.suite, prepared_.spec, sound_); !seen) {
      return refuse(console_, seen.error());
    }
    observe_for_proof(prepared_.suite);
    const ProofPlan plan{.families = families_,
                         .has_all_families = command_.only.empty() && command_.skip.empty(),
                         .seeds = command_.seeds,
                         .budget = command_.budget,
                         .threads = threads_of(command_),
                         .min_score = command_.min_score};
    const ProofSubject proven = subject();
    auto proof = prove(proven, plan, observer());
    line_.clear();
    if (!proof) return refuse(console_, proof.error());
    add_commands(*proof, command_);
    if (!command_.write_mutants.empty()) {
      if (const auto written = write_composed(); !written) {
        return refuse(console_, written.error());
      }
      SuiteHabits habits = habits_of(prepared_.suite);
      habits.duration = lab::from_seconds(proof->suite_seconds);
      const auto written =
          write_mutants(*proof, command_.write_mutants, sound_, habits, console_.out);
      if (!written) return refuse(console_, written.error());
    }
    return report_proof(*proof, command_, console_);
  }

  ExitCode show_characteristic() {
    if (const auto seen = observe_requests(prepared_.suite, prepared_.spec, sound_); !seen) {
      return refuse(console_, seen.error());
    }
    const auto found = characteristic();
    line_.clear();
    if (!found) return refuse(console_, found.error());
    if (!command_.json.empty()) {
      const auto written = write_file({command_.json, characteristic_json(*found)}, console_.out);
      if (!written) return refuse(console_, written.error());
    }
    (is_standard_output(command_.json) ? console_.err : console_.out)
        << characteristic_text(*found);
    return found->is_interrupted ? ExitCode::interrupted : ExitCode::ok;
  }

 private:
  lab::Result<void> write_composed() {
    if (composed_.empty()) return {};
    std::error_code ignored;
    std::filesystem::create_directories(command_.write_mutants, ignored);
    return write_file({composed_place(command_, prepared_.suite.name), composed_ + "\n"},
                      console_.out);
  }

  [[nodiscard]] ProofSubject subject() const {
    return {.suite = prepared_.suite,
            .spec = prepared_.spec,
            .sound = sound_,
            .gateway_name = sound_.gateway_file,
            .network_name = command_.network,
            .impossible = prepared_.warnings};
  }
  [[nodiscard]] ProofObserver observer() {
    return {.progress = [this](const ProofProgress& progress) { line_.show(progress); },
            .is_interrupted = [this] { return interrupt_.is_raised(); },
            .warn =
                [this](const std::string& message) {
                  line_.clear();
                  tell(console_.err, "warning", message);
                }};
  }

  lab::Result<OperatingCharacteristic> characteristic() {
    const auto threshold = parse_threshold_text(command_.oc);
    if (!threshold) return threshold.error();
    const auto variation = parse_variation(command_.vary);
    if (!variation) return variation.error();
    ProveCommand only = command_;
    only.only = {variation->family};
    only.skip.clear();
    const auto families = chosen_families(only);
    if (!families) return lab::Error{"--vary", families.error().what};
    return characteristic_of(subject(),
                             {.threshold = *threshold,
                              .variation = *variation,
                              .family = families->front(),
                              .seeds = command_.seeds,
                              .budget = command_.budget,
                              .threads = threads_of(command_)},
                             observer());
  }

  const ProveCommand& command_;
  PreparedRun prepared_;
  std::string composed_;  ///< See PreparedSuite.
  std::vector<MutantFamily> families_;
  SoundWorld sound_;
  Console console_;
  InterruptFlag interrupt_;
  ProofProgressLine line_;
};

ExitCode prove_exec(const ProveCommand& command, const RunEnvironment& environment,
                    std::vector<MutantFamily> families, const SoundWorld& sound,
                    const Console& console) {
  std::error_code failed;
  std::filesystem::create_directories(command.exec_output, failed);
  if (failed) return refuse(console, {"--exec-output " + command.exec_output, failed.message()});
  const InterruptFlag interrupt;
  ProofProgressLine line(console, command.quiet);
  auto proof = prove_command_line(
      {.command = command.exec,
       .api_key = environment.api_key(),
       .families = std::move(families),
       .has_all_families = command.only.empty() && command.skip.empty(),
       .seeds = command.seeds.value_or(1),
       .seed = command.seed,
       .timeout = command.exec_timeout,
       .folder = command.exec_output,
       .min_score = command.min_score},
      sound,
      {.progress = [&line](const ProofProgress& progress) { line.show(progress); },
       .is_interrupted = [&interrupt] { return interrupt.is_raised(); }});
  line.clear();
  if (!proof) return refuse(console, proof.error());
  return report_proof(*proof, command, console);
}

}  // namespace

ExitCode prove_command(const ProveCommand& command, const RunEnvironment& environment,
                       Console console) {
  if (const auto may = check_reports(command); !may) return refuse(console, may.error());
  auto families = chosen_families(command);
  if (!families) return refuse(console, families.error());
  auto sound = sound_world(command);
  if (!sound) return refuse(console, sound.error());
  if (!command.exec.empty()) {
    return prove_exec(command, environment, *std::move(families), *sound, console);
  }
  auto prepared = prepare_suite(command, environment);
  if (!prepared) return refuse(console, prepared.error());
  for (const std::string& warning : prepared->run.warnings) {
    tell(console.err, "warning", warning);
  }
  ProofSession session(command, *std::move(prepared), *std::move(families), *std::move(sound),
                       console);
  return command.oc.empty() ? session.prove_suite() : session.show_characteristic();
}

}  // namespace loader
