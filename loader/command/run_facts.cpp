#include "loader/command/run_facts.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <string>

namespace loader {
namespace {

std::string host_of_this_process() {
  utsname names{};
  if (::uname(&names) != 0) return {};
  const long cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
  return std::string(names.nodename) + ", " + names.sysname + " " + names.release + " " +
         names.machine + ", " + std::to_string(cpus) + (cpus == 1 ? " CPU" : " CPUs");
}

}  // namespace

RunFacts run_facts(const PreparedRun& prepared, const RunCommand& command, const World& world,
                   lab::WallTime started) {
  RunFacts facts{.suite = prepared.suite.name,
                 .source = prepared.suite.source,
                 .command = prepared.replay,
                 .loader = LAB_VERSION,
                 .url = prepared.spec.base_url.to_string(),
                 .execution = world.describe(),
                 .started = lab::format_rfc3339(started),
                 .threads = prepared.spec.threads};
  if (command.simulate) facts.gateway = command.simulate->empty() ? "healthy" : *command.simulate;
  if (!world.is_repeatable()) facts.host = host_of_this_process();
  return facts;
}

}  // namespace loader
