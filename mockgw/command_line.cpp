#include "mockgw/command_line.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mockgw/profiles/profile_reader.h"
#include "shared/base/completion.h"
#include "shared/base/named_file.h"
#include "shared/runtime/listen_address.h"

namespace mockgw {
namespace {

constexpr auto kLogLevels =
    std::to_array<std::string_view>({"trace", "debug", "info", "warn", "error", "off"});

using lab::Flag;
using Takes = lab::FlagTakes;

constexpr std::array kFlags{
    Flag{"listen", "ADDRESS:PORT", Takes::one,
         "address and port; port 0 takes a free one (127.0.0.1:8080)", "MOCKGW_LISTEN"},
    Flag{"profile", "PROFILE", Takes::one, "whose behaviour is imitated: a name, or a profile file",
         "MOCKGW_PROFILE"},
    Flag{"instant", "", Takes::nothing, "all latencies zero", "MOCKGW_INSTANT"},
    Flag{"threads", "N", Takes::one, "threads, each with its own connections (1)",
         "MOCKGW_THREADS"},
    Flag{"seed", "N", Takes::one, "of everything random", "MOCKGW_SEED"},
    Flag{"tls-cert", "FILE", Takes::one, "serve HTTPS: PEM file of the certificate and its chain",
         "MOCKGW_TLS_CERT"},
    Flag{"tls-key", "FILE", Takes::one, "PEM file of the certificate's private key",
         "MOCKGW_TLS_KEY"},
    Flag{"admin-token", "TOKEN", Takes::one,
         "what Authorization: Bearer must say for /admin; needed off loopback",
         "MOCKGW_ADMIN_TOKEN"},
    Flag{"log-level", "LEVEL", Takes::one,
         "trace, debug (a line for each request), info, warn, error or off (info)",
         "MOCKGW_LOG_LEVEL"},
    Flag{"check", "", Takes::nothing, "read the gateway file, say what is wrong with it, and exit",
         "MOCKGW_CHECK"},
    Flag{"print-config", "", Takes::nothing,
         "print what of the gateway file differs from the defaults, and exit",
         "MOCKGW_PRINT_CONFIG"},
    Flag{"print-full-config", "", Takes::nothing,
         "print the gateway file with every default filled in, and exit",
         "MOCKGW_PRINT_FULL_CONFIG"},
    Flag{"completion", lab::kCompletionShells, Takes::one,
         "print what completes arguments in a shell, and exit", "MOCKGW_COMPLETION"},
    Flag{"version", "", Takes::nothing, "print the version and exit", "MOCKGW_VERSION"},
    Flag{"help", "", Takes::nothing, "print this and exit", "MOCKGW_HELP"},
};
const std::string kFile = "file";

lab::CompletedProgram completed_program() {
  lab::CompletionChoices levels;
  levels.words.assign(kLogLevels.begin(), kLogLevels.end());
  return {.name = "mockgw",
          .commands = {{.argument = "GATEWAY", .flags = kFlags}},
          .choices = {{"GATEWAY", {.words = lab::builtin_names("gateways"), .has_files = true}},
                      {"PROFILE", {.words = lab::builtin_names("profiles"), .has_files = true}},
                      {"LEVEL", levels}}};
}

lab::Result<std::optional<lab::TlsIdentity>> read_tls(const lab::GivenFlags& flags) {
  const auto certificate = flags.find("tls-cert");
  const auto key = flags.find("tls-key");
  if (!certificate && !key) return std::optional<lab::TlsIdentity>();
  if (!key) return lab::Error{certificate->source, "needs --tls-key too"};
  if (!certificate) return lab::Error{key->source, "needs --tls-cert too"};
  return std::optional(lab::TlsIdentity{certificate->text, key->text});
}

lab::Result<void> read_values(const lab::GivenFlags& flags, CommandLine& line) {
  if (auto listen = flags.find("listen")) {
    const auto endpoint = lab::parse_listen_address(listen->text);
    if (!endpoint) return lab::Error{listen->source, endpoint.error().what};
    line.overrides.listen = std::move(listen->text);
  }
  if (auto profile = flags.find("profile")) {
    // Read here already, so that the message names what is wrong: not the file, which it overrides.
    const auto known = load_profile(profile->text);
    if (!known) return lab::Error{profile->source, known.error().to_string()};
    line.overrides.profile = std::move(profile->text);
  }
  if (auto token = flags.find("admin-token")) {
    // Not shown: what is said here ends in logs.
    if (!is_access_token(token->text)) {
      return lab::Error{token->source, "takes printable ASCII without spaces"};
    }
    line.overrides.admin_token = std::move(token->text);
  }
  auto tls = read_tls(flags);
  if (!tls) return tls.error();
  line.tls = std::move(*tls);
  if (const auto shell = flags.find("completion")) {
    auto script = lab::completion_script(shell->text, completed_program());
    if (!script) return lab::Error{shell->source, script.error().what};
    line.completion = *std::move(script);
  }
  if (const auto seed = flags.find("seed")) {
    constexpr std::uint64_t kSeedMax = std::uint64_t{1} << 62;
    const auto number = seed->as_number(0, kSeedMax);
    if (!number) return number.error();
    line.overrides.seed = *number;
  }
  if (const auto threads = flags.find("threads")) {
    const auto number = threads->as_number(1, kThreadsMax);
    if (!number) return number.error();
    line.threads = static_cast<unsigned>(*number);
  }
  if (const auto level = flags.find("log-level")) {
    if (std::find(kLogLevels.begin(), kLogLevels.end(), level->text) == kLogLevels.end()) {
      return level->refuse("trace, debug, info, warn, error or off");
    }
    line.log_level = level->text;
  }
  return {};
}

lab::Result<void> read_switches(const lab::GivenFlags& flags, CommandLine& line) {
  const auto switches =
      std::to_array<std::pair<const char*, bool*>>({{"instant", &line.overrides.instant},
                                                    {"check", &line.check},
                                                    {"print-config", &line.print_config},
                                                    {"print-full-config", &line.print_full_config},
                                                    {"version", &line.version},
                                                    {"help", &line.help}});
  for (const auto& [flag, target] : switches) {
    const auto value = flags.is_on(flag);
    if (!value) return value.error();
    *target = *value;
  }
  return {};
}

}  // namespace

lab::Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments,
                                            const lab::EnvironmentLookup& environment) {
  auto flags = lab::GivenFlags::parse(kFlags, kFile, arguments);
  if (!flags) return flags.error();
  for (const Flag& flag : kFlags) {
    flags->add_variable(std::string(flag.name), flag.variable, environment);
  }
  flags->add_variable(kFile, "MOCKGW_FILE", environment);
  const std::vector<lab::Setting>& files = flags->all(kFile);
  if (files.size() > 1) return lab::Error{"", "\"" + files[1].text + "\" is one argument too many"};
  CommandLine line;
  if (!files.empty()) line.file = files.front().text;
  if (const auto read = read_switches(*flags, line); !read) return read.error();
  if (const auto read = read_values(*flags, line); !read) return read.error();
  return line;
}

std::string usage() {
  std::string gateways;
  for (const std::string& name : lab::builtin_names("gateways")) gateways += " " + name;
  return "A mock LLM gateway that behaves, and fails, like a real one.\n"
         "\n"
         "  mockgw [flags] [GATEWAY]\n"
         "\n"
         "GATEWAY is a file, or one of the built-in gateways (healthy):" +
         gateways +
         ".\n"
         "\n" +
         lab::flags_help(kFlags) +
         "\n"
         "Each flag can also be given as MOCKGW_<NAME>, --log-level as MOCKGW_LOG_LEVEL. Flags "
         "win\n"
         "over the environment, and the environment over the file.\n";
}

}  // namespace mockgw
