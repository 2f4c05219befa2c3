#include "loader/command/script_discovery.h"

#include <filesystem>
#include <utility>

#include "loader/command/script_fetcher.h"
#include "loader/world/real_world.h"
#include "loader/world/simulation.h"

namespace loader {
namespace {

constexpr const char* kSimulatedGateway = "http://localhost:8080";

ExitCode exit_code_of(ScriptFailure::Kind kind) {
  switch (kind) {
    case ScriptFailure::Kind::exception:
      return ExitCode::flow_failed;
    case ScriptFailure::Kind::aborted:
      return ExitCode::aborted_by_suite;
    case ScriptFailure::Kind::invalid:
      break;
  }
  return ExitCode::failure;
}

// As k6 has it: the process's variables, then those of -e; no defaults of ours.
std::map<std::string, std::string> variables_of(const RunCommand& command,
                                                const RunEnvironment& environment) {
  std::map<std::string, std::string> variables(environment.set_by_user.begin(),
                                               environment.set_by_user.end());
  if (command.url) variables["GATEWAY_URL"] = *command.url;
  // There is one, and any URL leads to it; a script that asks for none of its own needs this one.
  if (command.simulate) variables.emplace("GATEWAY_URL", kSimulatedGateway);
  return variables;
}

ScriptText located(const SuiteText& text) {
  if (!text.folder) return {text.text, std::string(kBuiltinScheme) + "/scripts/" + text.file, ""};
  std::error_code ignored;
  const auto here = std::filesystem::current_path(ignored);
  const bool is_file = std::filesystem::is_regular_file(text.file, ignored);
  return {text.text, is_file ? (here / text.file).lexically_normal().string() : "", here.string()};
}

}  // namespace

boost::system::result<std::shared_ptr<const Script>, RefusedRun> discover_script(
    const SuiteText& text, const RunCommand& command, const RunEnvironment& environment,
    const std::function<void(const ScriptLogLine&)>& log) {
  ScriptDiscovery discovery{.environment = variables_of(command, environment),
                            .fetcher = make_script_fetcher(command.proxies, command.module_cache),
                            .log = log,
                            .seed = command.seed.value_or(1),
                            .optimizes_early = !command.simulate};
  discovery.wall_now = command.simulate ? Simulation(discovery.seed).clock().wall_start
                                        : RealWorld().clock().wall_start;
  auto script = Script::discover(located(text), std::move(discovery));
  if (script) return *std::move(script);
  return RefusedRun({{}, script.error().text}, exit_code_of(script.error().kind));
}

}  // namespace loader
