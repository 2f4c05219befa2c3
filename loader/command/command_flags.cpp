#include "loader/command/command_flags.h"

#include <algorithm>
#include <array>
#include <cxxopts.hpp>
#include <memory>
#include <utility>

#include "loader/suite/k6_options.h"
#include "shared/base/json_reader.h"

namespace loader {
namespace {

enum class Takes { nothing, one, several, maybe };

struct Flag {
  std::string_view names;  ///< As cxxopts wants them: "u,vus".
  std::string_view value;  ///< What the value is called in --help.
  Takes takes;
  std::string_view help;
  std::string_view variable;  ///< k6's, if it has one.

  [[nodiscard]] std::string long_name() const {
    const std::size_t comma = names.find(',');
    return std::string(comma == std::string_view::npos ? names : names.substr(comma + 1));
  }
};

constexpr std::array kFlags{
    Flag{"u,vus", "N", Takes::one, "number of virtual users", "K6_VUS"},
    Flag{"d,duration", "TIME", Takes::one,
         "how long the suite's scenario lasts, stages in proportion: 10s, 5m", "K6_DURATION"},
    Flag{"i,iterations", "N", Takes::one, "iterations in all, shared by the virtual users",
         "K6_ITERATIONS"},
    Flag{"s,stage", "TIME:VUS", Takes::several, "a stage of a ramp (repeatable)", "K6_STAGES"},
    Flag{"e,env", "NAME=VALUE", Takes::several, "a variable (repeatable)", ""},
    Flag{"include-system-env-vars", "", Takes::nothing,
         "whether suites see the process's variables (true)", "K6_INCLUDE_SYSTEM_ENV_VARS"},
    Flag{"c,config", "FILE", Takes::one, "options as JSON, below the suite's", "K6_CONFIG"},
    Flag{"url", "URL", Takes::one, "the gateway's base URL, over GATEWAY_URL", ""},
    Flag{"simulate", "GATEWAY", Takes::maybe,
         "run in virtual time against a gateway in this process: the healthy one, a file's, or a "
         "built-in one",
         ""},
    Flag{"network", "NETWORK", Takes::one,
         "with --simulate: a file's or a built-in network, its latency, losses and faults", ""},
    Flag{"seed", "N", Takes::one, "of everything that is drawn (1)", ""},
    Flag{"threads", "N", Takes::one, "threads, each with its share of the virtual users (1)", ""},
    Flag{"execution-segment", "SEGMENT", Takes::one,
         "the part of the load to produce: 1/3:2/3, 10%", ""},
    Flag{"execution-segment-sequence", "LIST", Takes::one,
         "the borders of all segments: 0,1/3,2/3,1", ""},
    Flag{"tag", "NAME=VALUE", Takes::several, "a tag of every sample (repeatable)", "K6_TAGS"},
    Flag{"user-agent", "TEXT", Takes::one, "the header of every request", "K6_USER_AGENT"},
    Flag{"no-connection-reuse", "", Takes::nothing, "a connection for each request",
         "K6_NO_CONNECTION_REUSE"},
    Flag{"no-vu-connection-reuse", "", Takes::nothing, "connections for each iteration",
         "K6_NO_VU_CONNECTION_REUSE"},
    Flag{"max-redirects", "N", Takes::one, "how many redirects are followed (10)",
         "K6_MAX_REDIRECTS"},
    Flag{"dns", "ttl=TIME,select=…,policy=…", Takes::one, "how a host's addresses are used",
         "K6_DNS"},
    Flag{"rps", "N", Takes::one, "requests per second at most, of all virtual users", "K6_RPS"},
    Flag{"w,throw", "", Takes::nothing, "a request without a response ends the iteration",
         "K6_THROW"},
    Flag{"discard-response-bodies", "", Takes::nothing, "do not keep the bodies of http steps",
         "K6_DISCARD_RESPONSE_BODIES"},
    Flag{"http-debug", "headers|full", Takes::maybe, "show requests and responses",
         "K6_HTTP_DEBUG"},
    Flag{"blacklist-ip", "RANGE", Takes::several,
         "addresses that are not connected to (repeatable)", "K6_BLACKLIST_IPS"},
    Flag{"block-hostnames", "PATTERN", Takes::several,
         "hosts that are not connected to (repeatable)", "K6_BLOCK_HOSTNAMES"},
    Flag{"system-tags", "LIST", Takes::one, "which of k6's tags samples have", "K6_SYSTEM_TAGS"},
    Flag{"min-iteration-duration", "TIME", Takes::one, "virtual users that are faster wait",
         "K6_MIN_ITERATION_DURATION"},
    Flag{"insecure-skip-tls-verify", "", Takes::nothing, "do not check the gateway's certificate",
         "K6_INSECURE_SKIP_TLS_VERIFY"},
    Flag{"no-setup", "", Takes::nothing, "skip the suite's setup", "K6_NO_SETUP"},
    Flag{"no-teardown", "", Takes::nothing, "skip the suite's teardown", "K6_NO_TEARDOWN"},
    Flag{"no-thresholds", "", Takes::nothing, "do not evaluate thresholds", "K6_NO_THRESHOLDS"},
    Flag{"no-data", "fail|pass", Takes::one, "what a threshold without samples does (fail)", ""},
    Flag{"o,out", "KIND=FILE", Takes::several,
         "write samples: json=FILE or csv=FILE, compressed if it ends in .gz (repeatable)",
         "K6_OUT"},
    Flag{"samples", "FILE", Takes::one,
         "write a line of JSON for each request, compressed if it ends in .gz", ""},
    Flag{"summary-file", "FILE|none", Takes::one,
         "where the summary file goes (NAME-test-summary.json)", ""},
    Flag{"summary-export", "FILE", Takes::one, "write the summary in k6's older shape",
         "K6_SUMMARY_EXPORT"},
    Flag{"summary-trend-stats", "LIST", Takes::one, "statistics of trends: avg,med,p(99)",
         "K6_SUMMARY_TREND_STATS"},
    Flag{"summary-mode", "compact|full|disabled", Takes::one,
         "how much the summary shows (compact); full: also each group and scenario",
         "K6_SUMMARY_MODE"},
    Flag{"summary-time-unit", "s|ms|us", Takes::one,
         "of the summary's times, instead of each's own", "K6_SUMMARY_TIME_UNIT"},
    Flag{"junit", "FILE", Takes::one, "write thresholds and checks as test cases", ""},
    Flag{"html", "FILE", Takes::one, "write a report to look at, one page without dependencies",
         ""},
    Flag{"no-summary", "", Takes::nothing, "the same as --summary-mode disabled", "K6_NO_SUMMARY"},
    Flag{"q,quiet", "", Takes::nothing, "do not show progress", ""},
    Flag{"no-color", "", Takes::nothing, "no colors", "NO_COLOR"},
    Flag{"log-output", "WHERE", Takes::one,
         "where messages go: stderr, stdout, none or file=FILE (stderr)", "K6_LOG_OUTPUT"},
    Flag{"log-format", "text|json|raw", Takes::one, "how messages look, in k6's formats",
         "K6_LOG_FORMAT"},
    Flag{"no-usage-report", "", Takes::nothing, "none is sent in any case", "K6_NO_USAGE_REPORT"},
    Flag{"json", "", Takes::nothing, "inspect only: print the suite's file", ""},
};

// What k6 reads from its environment without having a flag, or under a second name.
struct Variable {
  std::string_view setting;
  std::string_view name;
};
constexpr std::array kVariables{
    Variable{"setupTimeout", "K6_SETUP_TIMEOUT"},
    Variable{"teardownTimeout", "K6_TEARDOWN_TIMEOUT"},
    Variable{"noCookiesReset", "K6_NO_COOKIES_RESET"},
    Variable{"csv-file-name", "K6_CSV_FILENAME"},
    Variable{"csv-save-interval", "K6_CSV_SAVE_INTERVAL"},
    Variable{"csv-time-format", "K6_CSV_TIME_FORMAT"},
    Variable{"no-color", "K6_NO_COLOR"},
};

bool has_flag(std::string_view name) {
  return std::any_of(kFlags.begin(), kFlags.end(),
                     [name](const Flag& flag) { return flag.long_name() == name; });
}

// A flag of k6 that is known only to be refused or warned of.
bool is_foreign(const K6Option& option) {
  return !option.flag.empty() && option.word != K6Word::works && !has_flag(option.flag);
}

bool is_off(std::string_view text) {
  return text.empty() || text == "false" || text == "0" || text == "none";
}

std::shared_ptr<cxxopts::Value> value_of(const Flag& flag) {
  switch (flag.takes) {
    case Takes::nothing:
      return cxxopts::value<bool>();
    case Takes::maybe:
      return cxxopts::value<std::vector<std::string>>()->implicit_value(
          flag.long_name() == "http-debug" ? "headers" : "");
    case Takes::one:
    case Takes::several:
      break;
  }
  return cxxopts::value<std::vector<std::string>>();
}

cxxopts::Options make_options() {
  cxxopts::Options options("loader run");
  auto add = options.add_options();
  for (const Flag& flag : kFlags) {
    add(std::string(flag.names), std::string(flag.help), value_of(flag), std::string(flag.value));
  }
  for (const K6Option& option : k6_options()) {
    if (!is_foreign(option)) continue;
    const std::string letter = option.letter.empty() ? "" : std::string(option.letter) + ",";
    const bool is_toggle = option.takes == K6Flag::toggle;
    add(letter + std::string(option.flag), "",
        is_toggle ? cxxopts::value<std::string>()->implicit_value("true")
                  : cxxopts::value<std::string>());
  }
  add("suite", "", cxxopts::value<std::vector<std::string>>());
  options.parse_positional({"suite"});
  return options;
}

// For a flag that nobody knows: the nearest one.
std::string suggestion(const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const Flag& flag : kFlags) names.push_back(flag.long_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (!argument.starts_with("--")) continue;
    const std::string name = argument.substr(2, argument.find('=') - 2);
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto near = lab::nearest(name, known);
    return near ? "; did you mean --" + std::string(*near) + "?" : std::string();
  }
  return {};
}

std::vector<Setting> given(const cxxopts::ParseResult& parsed, const Flag& flag) {
  const std::string name = flag.long_name();
  if (parsed.count(name) == 0) return {};
  if (flag.takes == Takes::nothing) {
    return {{"--" + name, parsed[name].as<bool>() ? "true" : "false"}};
  }
  std::vector<Setting> settings;
  for (const std::string& text : parsed[name].as<std::vector<std::string>>()) {
    settings.push_back({"--" + name, text});
  }
  return settings;
}

bool says_what_is_run(const std::string& flag) {
  return flag == "duration" || flag == "iterations" || flag == "stage";
}

}  // namespace

lab::Result<CommandFlags> CommandFlags::parse(const std::vector<std::string>& arguments,
                                              const EnvironmentLookup& environment) {
  std::vector<const char*> pointers{"loader"};
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
  CommandFlags flags;
  bool is_load_given = false;
  try {
    cxxopts::Options options = make_options();
    const auto parsed = options.parse(static_cast<int>(pointers.size()), pointers.data());
    for (const Flag& flag : kFlags) {
      flags.settings_[flag.long_name()] = given(parsed, flag);
      is_load_given = is_load_given ||
                      (says_what_is_run(flag.long_name()) && parsed.count(flag.long_name()) > 0);
    }
    for (const K6Option& option : k6_options()) {
      const std::string name(option.flag);
      if (!is_foreign(option) || parsed.count(name) == 0) continue;
      flags.settings_[name] = {{"--" + name, parsed[name].as<std::string>()}};
    }
    if (parsed.count("suite") > 0) {
      for (const auto& text : parsed["suite"].as<std::vector<std::string>>()) {
        flags.settings_["suite"].push_back({"", text});
      }
    }
  } catch (const cxxopts::exceptions::exception& error) {
    return lab::Error{{},
                      std::string(error.what()) + suggestion(arguments) + "; see loader --help"};
  }
  flags.take_gateway_after_simulate(arguments);
  for (const Flag& flag : kFlags) {
    const std::string name = flag.long_name();
    // What is to be run, said on the command line, replaces all that the environment says of it.
    if (flag.variable.empty() || (is_load_given && says_what_is_run(name))) continue;
    flags.add_variable(name, std::string(flag.variable), environment);
  }
  for (const Variable& variable : kVariables) {
    flags.add_variable(std::string(variable.setting), std::string(variable.name), environment);
  }
  if (const auto heeded = flags.heed_k6(environment); !heeded) return heeded.error();
  return flags;
}

// `--simulate FILE`: a value that may be left out is written with "=", but who writes a file right
// after the flag, and a suite elsewhere, means the file.
void CommandFlags::take_gateway_after_simulate(const std::vector<std::string>& arguments) {
  std::vector<Setting>& suites = settings_["suite"];
  std::vector<Setting>& simulate = settings_["simulate"];
  const auto flag = std::find(arguments.begin(), arguments.end(), "--simulate");
  if (suites.size() != 2 || simulate.size() != 1 || !simulate.front().text.empty() ||
      flag == arguments.end() || flag + 1 == arguments.end()) {
    return;
  }
  const auto file = std::find_if(suites.begin(), suites.end(),
                                 [&](const Setting& suite) { return suite.text == *(flag + 1); });
  if (file == suites.end()) return;
  simulate.front().text = file->text;
  suites.erase(file);
}

lab::Result<void> CommandFlags::heed_k6(const EnvironmentLookup& environment) {
  for (const K6Option& option : k6_options()) {
    if (option.word == K6Word::works) continue;
    // Not by its setting: a flag that is refused stands for no value.
    std::vector<Setting> said;
    if (is_foreign(option)) said = all(std::string(option.flag));
    const auto variable =
        option.variable.empty() ? std::nullopt : environment(std::string(option.variable));
    if (said.empty() && variable) said.push_back({std::string(option.variable), *variable});
    for (const Setting& setting : said) {
      if (is_off(setting.text)) continue;
      if (option.word == K6Word::refused) {
        return lab::Error{setting.source, std::string(option.says)};
      }
      warnings_.push_back(setting.source + " " + std::string(option.says));
    }
  }
  return {};
}

void CommandFlags::add_variable(const std::string& setting, std::string variable,
                                const EnvironmentLookup& environment) {
  std::vector<Setting>& settings = settings_[setting];
  const auto text = environment(variable);
  if (settings.empty() && text && !text->empty()) settings.push_back({std::move(variable), *text});
}

std::string CommandFlags::help() {
  std::string text;
  for (const Flag& flag : kFlags) {
    const std::string name = flag.long_name();
    const bool is_short = flag.names.size() != name.size();
    std::string left = "  " +
                       (is_short ? "-" + std::string(flag.names.substr(0, 1)) + ", " : "    ") +
                       "--" + name;
    if (flag.takes == Takes::maybe)
      left += "[=" + std::string(flag.value) + "]";
    else if (flag.takes != Takes::nothing)
      left += " " + std::string(flag.value);
    constexpr std::size_t kColumn = 40;
    left.append(left.size() < kColumn ? kColumn - left.size() : 1, ' ');
    text += left + std::string(flag.help) + "\n";
  }
  return text;
}

std::vector<Setting> CommandFlags::all(const std::string& flag) const {
  const auto found = settings_.find(flag);
  return found == settings_.end() ? std::vector<Setting>{} : found->second;
}

std::optional<Setting> CommandFlags::find(const std::string& flag) const {
  const std::vector<Setting> settings = all(flag);
  if (settings.empty()) return std::nullopt;
  return settings.back();
}

std::vector<Setting> CommandFlags::taken_from_environment() const {
  std::vector<Setting> taken;
  for (const auto& [flag, settings] : settings_) {
    for (const Setting& setting : settings) {
      const bool is_argument = setting.source.empty() || setting.source.starts_with("--");
      if (!is_argument) taken.push_back(setting);
    }
  }
  return taken;
}

lab::Result<bool> CommandFlags::is_on(const std::string& flag) const {
  const auto setting = find(flag);
  if (!setting || setting->text == "false" || setting->text == "0") return false;
  // NO_COLOR counts whatever its value is (no-color.org).
  if (setting->text == "true" || setting->text == "1" || setting->source == "NO_COLOR") return true;
  return setting->refuse("true or false");
}

}  // namespace loader
