#include "loader/command/dashboard_flags.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "loader/command/command_variables.h"
#include "loader/dashboard/dashboard.h"

namespace loader {
namespace {

constexpr std::string_view kOutput = "web-dashboard";

/// What k6 says of its dashboard, in parts.
struct K6Dashboard {
  bool is_on = false;
  std::string source;
  std::string host = "127.0.0.1";
  std::string port = "5665";  ///< "-1": no server, an export alone.
  std::string export_file;
};

std::string output_source(const RunCommand& command) {
  return source_of("out", command.taken_from_environment) + " " + std::string(kOutput);
}

lab::Result<void> read_part(K6Dashboard& dashboard, RunCommand& command, std::string_view part) {
  const std::size_t equals = std::min(part.find('='), part.size());
  const std::string_view key = part.substr(0, equals);
  const std::string value(part.substr(std::min(equals + 1, part.size())));
  if (key == "host") {
    dashboard.host = value;
  } else if (key == "port") {
    dashboard.port = value;
  } else if (key == "export") {
    dashboard.export_file = value;
  } else if (key == "period" || key == "open" || key == "record" || key == "tag") {
    command.warnings.push_back(output_source(command) + ": " + std::string(key) + " has no effect");
  } else {
    return lab::Error{output_source(command),
                      "\"" + std::string(key) + "\" is none of its keys: host, port, export"};
  }
  return {};
}

lab::Result<void> read_output(K6Dashboard& dashboard, RunCommand& command) {
  const auto is_dashboard = [](const std::string& output) {
    return output == kOutput || output.starts_with(std::string(kOutput) + "=");
  };
  for (const std::string& output : command.outputs) {
    if (!is_dashboard(output)) continue;
    dashboard.is_on = true;
    dashboard.source = output_source(command);
    std::string_view rest = std::string_view(output).substr(kOutput.size());
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const std::size_t end = std::min(rest.find('&'), rest.size());
      if (const auto good = read_part(dashboard, command, rest.substr(0, end)); !good) return good;
      rest.remove_prefix(end);
    }
  }
  std::erase_if(command.outputs, is_dashboard);
  return {};
}

lab::Result<void> read_k6(const lab::Setting& setting, const lab::EnvironmentLookup& environment,
                          K6Dashboard& dashboard) {
  const auto is_on = setting.as_switch();
  if (!is_on) return is_on.error();
  if (!*is_on) return {};
  dashboard.is_on = true;
  dashboard.source = setting.source;
  dashboard.host = environment("K6_WEB_DASHBOARD_HOST").value_or(dashboard.host);
  dashboard.port = environment("K6_WEB_DASHBOARD_PORT").value_or(dashboard.port);
  dashboard.export_file = environment("K6_WEB_DASHBOARD_EXPORT").value_or("");
  return {};
}

lab::Result<void> listen_at(const lab::Setting& setting, RunCommand& command) {
  if (command.simulate) {
    return lab::Error{setting.source,
                      "shows a run while it goes on, and a simulated one is over at once: --html "
                      "writes the same page"};
  }
  if (const auto good = Dashboard::check_address(setting.text); !good) {
    return lab::Error{setting.source, good.error().what};
  }
  command.dashboard = setting.text;
  return {};
}

}  // namespace

lab::Result<void> read_dashboard(const FlagSource& flags, const lab::EnvironmentLookup& environment,
                                 RunCommand& command) {
  const auto setting = flags.find("dashboard");
  K6Dashboard of_k6;
  if (setting && !setting->is_argument()) {
    if (const auto good = read_k6(*setting, environment, of_k6); !good) return good;
  }
  if (const auto good = read_output(of_k6, command); !good) return good;
  if (command.html.empty()) command.html = of_k6.export_file;
  if (setting && setting->is_argument()) return listen_at(*setting, command);
  // A pipeline may have it on for all its runs.
  if (!of_k6.is_on || of_k6.port == "-1" || command.simulate) return {};
  const bool is_v6 = of_k6.host.find(':') != std::string::npos && !of_k6.host.starts_with('[');
  const std::string host = is_v6 ? "[" + of_k6.host + "]" : of_k6.host;
  return listen_at({of_k6.source, host + ":" + of_k6.port}, command);
}

}  // namespace loader
