#include "mockgw/command_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cxxopts.hpp>
#include <string_view>
#include <vector>

#include "mockgw/config/listen_address.h"
#include "mockgw/profiles/profile_reader.h"

namespace mockgw {
namespace {

constexpr auto kLogLevels =
    std::to_array<std::string_view>({"trace", "debug", "info", "warn", "error", "off"});

// Every value is read as text, so that a flag and its variable are checked by the same words.
cxxopts::Options make_options() {
  cxxopts::Options options("mockgw",
                           "A mock LLM gateway that behaves, and fails, like a real one.");
  options.positional_help("[GATEWAY.json]");
  const auto text = [] { return cxxopts::value<std::string>(); };
  options.add_options()("listen", "address and port; port 0 takes a free one (127.0.0.1:8080)",
                        text(), "ADDRESS:PORT")(
      "profile", "whose behaviour is imitated: a name, or a profile file", text(), "NAME")(
      "instant", "all latencies zero")("threads", "threads, each with its own connections (1)",
                                       text(), "N")("seed", "of everything random", text(), "N")(
      "tls-cert", "serve HTTPS: PEM file of the certificate and its chain", text(), "FILE")(
      "tls-key", "PEM file of the certificate's private key", text(), "FILE")(
      "admin-token", "what Authorization: Bearer must say for /admin; needed off loopback", text(),
      "TOKEN")("log-level", "trace, debug, info, warn, error or off (info)", text(), "LEVEL")(
      "check", "read the gateway file, say what is wrong with it, and exit")(
      "print-config", "print what of the gateway file differs from the defaults, and exit")(
      "print-full-config", "print the gateway file with every default filled in, and exit")(
      "version", "print the version and exit")("help", "print this and exit")(
      "file", "the gateway file", text(), "GATEWAY.json");
  options.parse_positional({"file"});
  return options;
}

std::string variable_name(std::string_view flag) {
  std::string name = "MOCKGW_";
  for (const char c : flag) {
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

// A flag's text and where it came from, for messages.
struct Setting {
  std::string source;
  std::string text;

  [[nodiscard]] lab::Error refuse(std::string_view allowed) const {
    return {source, "\"" + text + "\" is not allowed; it takes " + std::string(allowed)};
  }
};

class Settings {
 public:
  Settings(const cxxopts::ParseResult& parsed, const Environment& environment)
      : parsed_(parsed), environment_(environment) {}

  [[nodiscard]] std::optional<Setting> find(const std::string& flag) const {
    if (parsed_.count(flag) > 0) return Setting{"--" + flag, parsed_[flag].as<std::string>()};
    const std::string variable = variable_name(flag);
    auto text = environment_(variable);
    // Empty is not set: compose's ${X:-} gives every variable that is not.
    if (text && !text->empty()) return Setting{variable, std::move(*text)};
    return std::nullopt;
  }
  [[nodiscard]] lab::Result<bool> is_set(const std::string& flag) const {
    if (parsed_.count(flag) > 0) return parsed_[flag].as<bool>();
    const std::string variable = variable_name(flag);
    const auto text = environment_(variable);
    if (!text || text->empty() || *text == "0" || *text == "false") return false;
    if (*text == "1" || *text == "true") return true;
    return Setting{variable, *text}.refuse("true or false");
  }

 private:
  const cxxopts::ParseResult& parsed_;
  const Environment& environment_;
};

lab::Result<std::uint64_t> read_number(const Setting& setting, std::uint64_t min,
                                       std::uint64_t max) {
  std::uint64_t number = 0;
  const char* const end = setting.text.data() + setting.text.size();
  const auto [stop, error] = std::from_chars(setting.text.data(), end, number);
  if (error != std::errc() || stop != end || number < min || number > max) {
    return setting.refuse("a whole number from " + std::to_string(min) + " to " +
                          std::to_string(max));
  }
  return number;
}

lab::Result<std::optional<lab::TlsIdentity>> read_tls(const Settings& settings) {
  const auto certificate = settings.find("tls-cert");
  const auto key = settings.find("tls-key");
  if (!certificate && !key) return std::optional<lab::TlsIdentity>();
  if (!key) return lab::Error{certificate->source, "needs --tls-key too"};
  if (!certificate) return lab::Error{key->source, "needs --tls-cert too"};
  return std::optional(lab::TlsIdentity{certificate->text, key->text});
}

lab::Result<void> read_values(const Settings& settings, CommandLine& line) {
  if (auto listen = settings.find("listen")) {
    const auto endpoint = parse_listen_address(listen->text);
    if (!endpoint) return lab::Error{listen->source, endpoint.error().what};
    line.overrides.listen = std::move(listen->text);
  }
  if (auto profile = settings.find("profile")) {
    // Read here already, so that the message names what is wrong: not the file, which it overrides.
    const auto known = load_profile(profile->text);
    if (!known) return lab::Error{profile->source, known.error().to_string()};
    line.overrides.profile = std::move(profile->text);
  }
  if (auto token = settings.find("admin-token")) {
    // Not shown: what is said here ends in logs.
    if (!is_access_token(token->text)) {
      return lab::Error{token->source, "takes printable ASCII without spaces"};
    }
    line.overrides.admin_token = std::move(token->text);
  }
  auto tls = read_tls(settings);
  if (!tls) return tls.error();
  line.tls = std::move(*tls);
  if (const auto seed = settings.find("seed")) {
    constexpr std::uint64_t kSeedMax = std::uint64_t{1} << 62;
    const auto number = read_number(*seed, 0, kSeedMax);
    if (!number) return number.error();
    line.overrides.seed = *number;
  }
  if (const auto threads = settings.find("threads")) {
    const auto number = read_number(*threads, 1, kThreadsMax);
    if (!number) return number.error();
    line.threads = static_cast<unsigned>(*number);
  }
  if (const auto level = settings.find("log-level")) {
    if (std::find(kLogLevels.begin(), kLogLevels.end(), level->text) == kLogLevels.end()) {
      return level->refuse("trace, debug, info, warn, error or off");
    }
    line.log_level = level->text;
  }
  return {};
}

lab::Result<void> read_switches(const Settings& settings, CommandLine& line) {
  const auto switches =
      std::to_array<std::pair<const char*, bool*>>({{"instant", &line.overrides.instant},
                                                    {"check", &line.check},
                                                    {"print-config", &line.print_config},
                                                    {"print-full-config", &line.print_full_config},
                                                    {"version", &line.version},
                                                    {"help", &line.help}});
  for (const auto& [flag, target] : switches) {
    const auto value = settings.is_set(flag);
    if (!value) return value.error();
    *target = *value;
  }
  return {};
}

lab::Result<CommandLine> read_all(const cxxopts::ParseResult& parsed,
                                  const Environment& environment) {
  if (!parsed.unmatched().empty()) {
    return lab::Error{"", "\"" + parsed.unmatched().front() + "\" is one argument too many"};
  }
  CommandLine line;
  const Settings settings(parsed, environment);
  if (const auto file = settings.find("file")) line.file = file->text;
  if (const auto read = read_switches(settings, line); !read) return read.error();
  if (const auto read = read_values(settings, line); !read) return read.error();
  return line;
}

}  // namespace

lab::Result<CommandLine> parse_command_line(int argc, const char* const* argv,
                                            const Environment& environment) {
  cxxopts::Options options = make_options();
  try {
    return read_all(options.parse(argc, argv), environment);
  } catch (const cxxopts::exceptions::exception& e) {
    return lab::Error{"", e.what()};
  }
}

std::string usage() {
  return make_options().help() +
         "\nEach flag can also be given as MOCKGW_<NAME>, --log-level as MOCKGW_LOG_LEVEL. Flags "
         "win\n"
         "over the environment, and the environment over the file.\n";
}

}  // namespace mockgw
