#include "loader/command/completion_command.h"

#include "loader/command/compare_command_line.h"
#include "loader/command/experiment_command.h"
#include "loader/command/inspect_flags.h"
#include "loader/command/merge_command_line.h"
#include "loader/command/prove_command_line.h"
#include "loader/command/report_command.h"
#include "loader/prove/mutant_family.h"
#include "loader/suite/suite.h"
#include "shared/base/completion.h"
#include "shared/base/named_file.h"

namespace loader {
namespace {

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const MutantFamily& family : builtin_mutant_families()) names.push_back(family.name);
  return names;
}

lab::CompletionChoices file_or(std::vector<std::string> names) {
  return {.words = std::move(names), .has_files = true};
}

lab::CompletedProgram completed_loader() {
  std::vector<std::string> suites = builtin_suites();
  const std::vector<std::string> flows = suites;
  for (std::string& script : builtin_scripts()) suites.push_back(std::move(script));
  static const std::vector<lab::Flag> run = flags_of_run();
  static const std::vector<lab::Flag> inspect = flags_of_inspect();
  static const std::vector<lab::Flag> merge = merge_flags();
  static const std::vector<lab::Flag> report = report_flags();
  return {
      .name = "loader",
      .commands =
          {{"run", "run a suite or a k6 script", "SUITE", run},
           {"inspect", "show what would be run", "SUITE", inspect},
           {"report", "show the summary of a run that is over", "FILE", report},
           {"compare", "say what is worse in one run than in another", "FILE", compare_flags()},
           {"merge", "put the parts of one run together", "FILE", merge},
           {"prove", "test the thresholds of a suite", "SUITE", prove_flags()},
           {"experiment", "run cases with expectations", "EXPERIMENT", experiment_flags()},
           {"completion", "print what completes arguments in a shell", lab::kCompletionShells, {}}},
      .choices = {{"SUITE", file_or(std::move(suites))},
                  {"BUILT-IN", {.words = flows}},
                  {"EXPERIMENT", file_or(lab::builtin_names("experiments"))},
                  {"GATEWAY", file_or(lab::builtin_names("gateways"))},
                  {"NETWORK", file_or(lab::builtin_names("networks"))},
                  {"MUTANTS", file_or(lab::builtin_names("mutants"))},
                  {"FAMILY,..", {.words = family_names()}}}};
}

}  // namespace

lab::Result<std::string> completion_command(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1) return lab::completion_script(arguments.front(), completed_loader());
  return lab::Error{{}, "completion takes one shell: bash, zsh or fish"};
}

std::string completion_usage() {
  return "Usage: loader completion bash|zsh|fish\n\n"
         "Prints what makes the shell complete loader's commands, flags and the names of built-in\n"
         "files. In bash: source <(loader completion bash). What cmake --install and the Debian\n"
         "package install does so by itself; mockgw --completion SHELL is the same for mockgw.\n";
}

}  // namespace loader
