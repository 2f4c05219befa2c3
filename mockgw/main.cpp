// mockgw: reads the gateway file, then serves it until a signal.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "mockgw/admin/operator_access.h"
#include "mockgw/command_line.h"
#include "mockgw/config/gateway_config.h"
#include "mockgw/gateway/gateway.h"
#include "mockgw/server_threads.h"
#include "shared/base/embedded_files.h"
#include "shared/base/flags.h"
#include "shared/base/json.h"
#include "shared/base/named_file.h"
#include "shared/base/text_file.h"
#include "shared/runtime/listen_address.h"
#include "shared/runtime/open_files.h"

namespace {

using mockgw::CommandLine;
using mockgw::GatewayConfig;

constexpr int kExitBadInput = 2;
constexpr int kExitFailed = 1;
constexpr std::string_view kDefaultGateway = "gateways/healthy.json";

int fail(int code, const std::string& message) {
  std::cerr << "mockgw: " << message << "\n";
  return code;
}

using ReadText = lab::Result<std::string> (&)(const std::string& path);

lab::Result<GatewayConfig> load_config(const CommandLine& line, ReadText read_text) {
  if (line.file.empty()) {
    const auto text = lab::embedded_file(kDefaultGateway).value();
    return mockgw::read_gateway_config(text, kDefaultGateway, line.overrides);
  }
  const auto named = lab::find_named_file("gateways", line.file, "gateway", read_text);
  if (!named) return named.error();
  return mockgw::read_gateway_config(named->text, named->file, line.overrides);
}

// What the process has open besides connections: standard streams, listeners, epoll, a file that is
// read again.
constexpr std::size_t kFilesReserved = 16;
constexpr std::size_t kFilesPerThread = 4;

// How many connections a thread can have within the limit of open files.
std::size_t possible_connections(std::size_t open_files, unsigned threads) {
  const std::size_t reserved = kFilesReserved + threads * kFilesPerThread;
  return open_files > reserved ? std::max<std::size_t>((open_files - reserved) / threads, 1) : 1;
}

std::size_t bound_connections(const GatewayConfig& config, unsigned threads) {
  const std::size_t open_files = lab::raise_open_files_limit();
  const std::size_t possible = possible_connections(open_files, threads);
  const std::size_t asked = config.limits.max_connections;
  // Of its own default nobody has to be warned: it is what there is room for.
  if (asked > possible && asked != mockgw::LimitsConfig{}.max_connections) {
    spdlog::warn(
        "limits.max_connections is {} a thread, but with {} open files allowed (ulimit -n) "
        "it is {}",
        asked, open_files, possible);
  }
  return possible;
}

void set_up_log(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("mockgw"));
  spdlog::set_level(spdlog::level::from_str(level));
}

void note_admin(const mockgw::Gateway& gateway, const lab::Endpoint& bound) {
  const auto state = gateway.state();
  const mockgw::AdminConfig& admin = state->config.admin;
  if (lab::is_loopback_address(bound.address) || !admin.page.is_enabled) return;
  if (!admin.token.empty()) return;
  spdlog::info(
      "other machines can reach this address, so {} answers 403 until it has a token "
      "(MOCKGW_ADMIN_TOKEN, --admin-token or admin.token)",
      admin.page.path);
}

int serve(const CommandLine& line, GatewayConfig config) {
  const std::size_t connections_max = bound_connections(config, line.threads);
  const std::string listen = config.listen;
  const lab::Duration drain_limit = config.timeouts.drain;
  const auto endpoint = lab::parse_listen_address(listen);
  if (!endpoint) return fail(kExitBadInput, endpoint.error().to_string());
  std::optional<lab::TlsContext> tls;
  if (line.tls) {
    auto created = lab::TlsContext::create(*line.tls);
    if (!created) return fail(kExitBadInput, created.error().to_string());
    tls.emplace(std::move(*created));
  }
  mockgw::ServerThreads threads(line.threads,
                                {.connections_max = connections_max, .tls = tls ? &*tls : nullptr});
  const auto gateway = std::make_shared<mockgw::Gateway>(std::move(config), threads.now(),
                                                         threads.wall_now(), line.overrides);
  const auto bound = threads.listen(gateway, *endpoint);
  if (!bound) return fail(kExitFailed, bound.error().to_string());
  spdlog::info("listening on {}://{}", tls ? "https" : "http", bound->to_string());
  note_admin(*gateway, *bound);
  threads.run(drain_limit, [&] {
    // While clients are served nothing may be waited for, as a pipe may be.
    auto reloaded = load_config(line, lab::read_text_file);
    if (!reloaded) {
      spdlog::error("not reloaded, the old file stays: {}", reloaded.error().to_string());
      return;
    }
    if (reloaded->listen != listen) {
      spdlog::warn("listen: \"{}\" takes effect with a restart only; it stays \"{}\"",
                   reloaded->listen, listen);
    }
    gateway->replace(std::move(*reloaded), threads.now());
    spdlog::info("reloaded {}", line.file.empty() ? kDefaultGateway : line.file);
  });
  spdlog::info("stopped after {} requests", gateway->requests());
  return EXIT_SUCCESS;
}

int run(const CommandLine& line) {
  if (line.help) {
    std::cout << mockgw::usage();
    return EXIT_SUCCESS;
  }
  if (!line.completion.empty()) {
    std::cout << line.completion;
    return EXIT_SUCCESS;
  }
  if (line.version) {
    std::cout << "mockgw " LAB_VERSION "\n";
    return EXIT_SUCCESS;
  }
  set_up_log(line.log_level);
  auto config = load_config(line, lab::read_text_argument);
  if (!config) return fail(kExitBadInput, config.error().to_string());
  if (line.print_config || line.print_full_config) {
    const auto shown = line.print_full_config ? to_json(*config) : changes_of(*config);
    std::cout << shown.dump(2) << "\n";
    return EXIT_SUCCESS;
  }
  if (line.check) {
    std::cout << (line.file.empty() ? kDefaultGateway : line.file) << ": ok\n";
    return EXIT_SUCCESS;
  }
  return serve(line, std::move(*config));
}

// Whoever checks or prints a file takes lost output for an empty one.
int with_output_checked(int exit_code) {
  std::cout.flush();
  if (std::cout) return exit_code;
  std::cerr << "mockgw: standard output could not be written\n";
  return exit_code == EXIT_SUCCESS ? kExitFailed : exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  const auto line = mockgw::parse_command_line({argv + 1, argv + argc}, lab::environment_variable);
  if (!line) {
    return fail(kExitBadInput, line.error().to_string() + "\nTry mockgw --help.");
  }
  try {
    return with_output_checked(run(*line));
  } catch (const std::exception& e) {
    return fail(kExitFailed, e.what());
  }
}
