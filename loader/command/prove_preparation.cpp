#include "loader/command/prove_preparation.h"

#include <algorithm>
#include <utility>

#include "loader/command/suite_with_flow.h"
#include "loader/prove/parallel.h"
#include "loader/world/simulation.h"
#include "shared/base/json.h"
#include "shared/base/named_file.h"

namespace loader {
namespace {

lab::Result<RunCommand> run_command_of(const ProveCommand& command,
                                       std::vector<std::string>& warnings) {
  RunCommand run;
  run.suite = command.suite;
  run.shortcuts = command.shortcuts;
  run.assignments = command.assignments;
  run.simulate = command.gateway;
  run.network = command.network;
  run.seed = command.seed;
  if (command.flow.empty()) return run;
  const auto text = suite_of(run);
  if (!text) return text.error();
  auto composed = suite_with_flow(text->text, text->file, command.flow);
  if (!composed) return composed.error();
  run.suite_text = std::move(composed->text);
  warnings = std::move(composed->warnings);
  return run;
}

lab::Result<lab::OwnedJson> network_json(const std::string& name) {
  if (name.empty()) return lab::OwnedJson::object();
  const auto named = lab::find_named_file("networks", name, "network");
  if (!named) return named.error();
  const auto json = lab::parse_json(named->text, named->file);
  if (!json) return json.error();
  return lab::OwnedJson(*json);
}

class FamilyChoice {
 public:
  explicit FamilyChoice(const ProveCommand& command) : command_(command) {}

  lab::Result<std::vector<MutantFamily>> families() {
    std::vector<MutantFamily> own;
    if (!command_.mutants.empty()) {
      const auto named = lab::find_named_file("mutants", command_.mutants, "file of mutants");
      if (!named) return lab::Error{"--mutants", named.error().to_string()};
      auto read = read_mutant_families(named->text, named->file);
      if (!read) return read.error();
      own = *std::move(read);
    }
    std::vector<MutantFamily> all = with_own_families(std::move(own));
    if (const auto known = check("--only", command_.only, all); !known) return known.error();
    if (const auto known = check("--skip", command_.skip, all); !known) return known.error();
    std::erase_if(all, [this](const MutantFamily& family) {
      const bool is_chosen = command_.only.empty() || has(command_.only, family.name);
      return !is_chosen || has(command_.skip, family.name);
    });
    if (all.empty()) return lab::Error{"--only, --skip", "no family is left"};
    return all;
  }

 private:
  static bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  static lab::Result<void> check(const std::string& flag, const std::vector<std::string>& names,
                                 const std::vector<MutantFamily>& all) {
    std::vector<std::string_view> known;
    for (const MutantFamily& family : all) known.push_back(family.name);
    for (const std::string& name : names) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      // "latency@last-third" is what reports call latency in a window.
      const auto near = lab::nearest(name.substr(0, name.find('@')), known);
      std::string list;
      for (const std::string_view each : known) {
        list += (list.empty() ? "" : ", ") + std::string(each);
      }
      return lab::Error{flag, "there is no family \"" + name + "\"" +
                                  (near ? "; did you mean " + std::string(*near) + "?" : ";") +
                                  " there are " + list};
    }
    return {};
  }

  const ProveCommand& command_;
};

}  // namespace

lab::Result<PreparedSuite> prepare_suite(const ProveCommand& command,
                                         const RunEnvironment& environment) {
  std::vector<std::string> warnings;
  const auto run = run_command_of(command, warnings);
  if (!run) return run.error();
  auto prepared = prepare_run(*run, environment);
  if (!prepared) return prepared.error();
  prepared->warnings.insert(prepared->warnings.begin(), warnings.begin(), warnings.end());
  return PreparedSuite{*std::move(prepared), run->suite_text.value_or("")};
}

lab::Result<SoundWorld> sound_world(const ProveCommand& command) {
  const auto gateway = find_gateway(command.gateway);
  if (!gateway) return gateway.error();
  const auto json = lab::parse_json(gateway->text, gateway->file);
  if (!json) return json.error();
  const auto network = network_json(command.network);
  if (!network) return network.error();
  return SoundWorld{lab::OwnedJson(*json), gateway->file, *network};
}

lab::Result<std::vector<MutantFamily>> chosen_families(const ProveCommand& command) {
  return FamilyChoice(command).families();
}

unsigned threads_of(const ProveCommand& command) {
  return command.threads.value_or(threads_by_default());
}

}  // namespace loader
