#include "loader/command/command_flags.h"

#include <algorithm>
#include <array>
#include <utility>

#include "loader/command/short_flags.h"
#include "loader/suite/k6_options.h"

namespace loader {
namespace {

using lab::Flag;
using Takes = lab::FlagTakes;

// As k6's dashboard, but for this machine alone.
constexpr const char* kDashboardAddress = "127.0.0.1:5665";

constexpr std::array kFlags{
    Flag{"vus", "N", Takes::one, "number of virtual users", "K6_VUS", "u"},
    Flag{"duration", "TIME", Takes::one,
         "how long the suite's scenario lasts, stages in proportion: 10s, 5m", "K6_DURATION", "d"},
    Flag{"iterations", "N", Takes::one, "iterations in all, shared by the virtual users",
         "K6_ITERATIONS", "i"},
    Flag{"stage", "TIME:VUS", Takes::several, "a stage of a ramp (repeatable)", "K6_STAGES", "s"},
    Flag{"env", "NAME=VALUE", Takes::several, "a variable (repeatable)", "", "e"},
    Flag{"include-system-env-vars", "", Takes::nothing,
         "whether suites see the process's variables (true)", "K6_INCLUDE_SYSTEM_ENV_VARS"},
    Flag{"config", "FILE", Takes::one, "options as JSON, below the suite's", "K6_CONFIG", "c"},
    Flag{"url", "URL", Takes::one, "the gateway's base URL, over GATEWAY_URL"},
    Flag{"simulate", "GATEWAY", Takes::maybe,
         "run in virtual time against a gateway in this process: the healthy one, a file's, or a "
         "built-in one"},
    Flag{"network", "NETWORK", Takes::one,
         "with --simulate: a file's or a built-in network, its latency, losses and faults"},
    Flag{"seed", "N", Takes::one, "of everything that is drawn (1)"},
    Flag{"threads", "N", Takes::one, "threads, each with its share of the virtual users (1)"},
    Flag{"execution-segment", "SEGMENT", Takes::one,
         "the part of the load to produce: 1/3:2/3, 10%"},
    Flag{"execution-segment-sequence", "LIST", Takes::one,
         "the borders of all segments: 0,1/3,2/3,1"},
    Flag{"shard", "I/N", Takes::one,
         "the same for equal parts: 2/5 is the second of five; auto/5, auto: numbered by "
         "Kubernetes or Slurm"},
    Flag{"mergeable", "FILE", Takes::one,
         "write what loader merge needs, compressed if it ends in .gz; {shard} is the number of "
         "--shard"},
    Flag{"start-at", "TIME", Takes::one,
         "when the scenarios start, once setup is over: 2026-01-31T12:00:00Z"},
    Flag{"start-together", "FOLDER", Takes::one,
         "start them when all shards are ready, which meet in this folder, a fresh one for each "
         "run"},
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
    Flag{"throw", "", Takes::nothing, "a request without a response ends the iteration", "K6_THROW",
         "w"},
    Flag{"discard-response-bodies", "", Takes::nothing, "do not keep the bodies of http steps",
         "K6_DISCARD_RESPONSE_BODIES"},
    Flag{"batch", "N", Takes::one,
         "of a script: so many requests of http.batch() side by side (20)", "K6_BATCH"},
    Flag{"batch-per-host", "N", Takes::one, "the same for each host (6)", "K6_BATCH_PER_HOST"},
    Flag{"http-debug", "headers|full", Takes::maybe, "show requests and responses", "K6_HTTP_DEBUG",
         "", "headers"},
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
    Flag{"no-data", "fail|pass", Takes::one,
         "what a threshold without samples does (fail; in a script as in k6: pass)"},
    Flag{"out", "KIND[=WHERE]", Takes::several,
         "write samples: json=FILE or csv=FILE, compressed if it ends in .gz; "
         "influxdb=http://HOST:8086/DB, xk6-influxdb=http://HOST:8086/BUCKET, "
         "experimental-prometheus-rw[=URL] or opentelemetry, whose K6_… variables docs/outputs.md "
         "has (repeatable)",
         "K6_OUT", "o"},
    Flag{"samples", "FILE", Takes::one,
         "write a line of JSON for each request, compressed if it ends in .gz"},
    Flag{"no-llm-metrics", "", Takes::nothing,
         "of a script: do not measure its chat requests as such (llm.* metrics)"},
    Flag{"verbose", "", Takes::nothing, "show console.debug() of a script; a suite has none", "",
         "v"},
    Flag{"summary-file", "FILE|none", Takes::one,
         "where the summary file goes (NAME-test-summary.json)", "LOADER_SUMMARY_FILE"},
    Flag{"summary-export", "FILE", Takes::one, "write the summary in k6's older shape",
         "K6_SUMMARY_EXPORT"},
    Flag{"summary-trend-stats", "LIST", Takes::one, "statistics of trends: avg,med,p(99)",
         "K6_SUMMARY_TREND_STATS"},
    Flag{"summary-mode", "compact|full|disabled", Takes::one,
         "how much the summary shows (compact); full: also each group and scenario",
         "K6_SUMMARY_MODE"},
    Flag{"summary-time-unit", "s|ms|us", Takes::one,
         "of the summary's times, instead of each's own", "K6_SUMMARY_TIME_UNIT"},
    Flag{"junit", "FILE", Takes::one, "write thresholds and checks as test cases"},
    Flag{"markdown", "FILE", Takes::one, "write a job summary, as CI systems show it"},
    Flag{"html", "FILE", Takes::one, "write a report to look at, one page without dependencies"},
    Flag{"dashboard", "ADDRESS:PORT", Takes::maybe,
         "serve the same page while the run goes on (127.0.0.1:5665)", "K6_WEB_DASHBOARD", "",
         kDashboardAddress},
    Flag{"no-summary", "", Takes::nothing, "the same as --summary-mode disabled", "K6_NO_SUMMARY"},
    Flag{"quiet", "", Takes::nothing, "do not show progress", "", "q"},
    Flag{"no-color", "", Takes::nothing, "no colors", "NO_COLOR"},
    Flag{"log-output", "WHERE", Takes::one,
         "where messages go: stderr, stdout, none or file=FILE[,level=LEVEL] (stderr)",
         "K6_LOG_OUTPUT"},
    Flag{"log-format", "text|json|raw", Takes::one, "how messages look, in k6's formats",
         "K6_LOG_FORMAT"},
    Flag{"console-output", "FILE", Takes::one,
         "where the console of a script's virtual users goes, instead of among the messages",
         "K6_CONSOLE_OUTPUT"},
    Flag{"no-usage-report", "", Takes::nothing, "none is sent in any case", "K6_NO_USAGE_REPORT"},
    Flag{"json", "", Takes::nothing, "inspect only: print the suite's file"},
};

// What k6 reads from its environment without having a flag, or under a second name.
struct Variable {
  std::string_view setting;
  std::string_view name;
};
constexpr std::array kVariables{
    Variable{"setupTimeout", "K6_SETUP_TIMEOUT"},
    Variable{"teardownTimeout", "K6_TEARDOWN_TIMEOUT"},
    Variable{"handleSummaryTimeout", "K6_HANDLE_SUMMARY_TIMEOUT"},
    Variable{"noCookiesReset", "K6_NO_COOKIES_RESET"},
    Variable{"csv-file-name", "K6_CSV_FILENAME"},
    Variable{"csv-save-interval", "K6_CSV_SAVE_INTERVAL"},
    Variable{"csv-time-format", "K6_CSV_TIME_FORMAT"},
    Variable{"no-color", "K6_NO_COLOR"},
};

bool has_flag(std::string_view name) {
  return std::ranges::find(kFlags, name, &Flag::name) != kFlags.end();
}

// A flag of k6 that is known only to be refused or warned of.
bool is_foreign(const K6Option& option) {
  return !option.flag.empty() && option.word != K6Word::works && !has_flag(option.flag);
}

bool is_off(std::string_view text) {
  return text.empty() || text == "false" || text == "0" || text == "none";
}

// The loader's, and those of k6 that are known only to be refused or warned of.
std::vector<Flag> known_flags() {
  std::vector<Flag> flags(kFlags.begin(), kFlags.end());
  for (const K6Option& option : k6_options()) {
    if (!is_foreign(option)) continue;
    flags.push_back({.name = option.flag,
                     .value = {},
                     .takes = option.takes == K6Flag::toggle ? Takes::nothing : Takes::one,
                     .help = {},
                     .letter = option.letter});
  }
  return flags;
}

// To k6 an empty value of these is none; of others it is a wrong one.
constexpr auto kMayBeEmpty = std::to_array<std::string_view>(
    {"stage", "env", "execution-segment", "tag", "dns", "out", "summary-export",
     "summary-trend-stats", "summary-mode", "summary-time-unit", "log-format", "console-output"});

bool says_what_is_run(std::string_view flag) {
  return flag == "duration" || flag == "iterations" || flag == "stage";
}

}  // namespace

std::span<const Flag> run_flags() { return kFlags; }

lab::Result<CommandFlags> CommandFlags::parse(const std::vector<std::string>& arguments,
                                              const lab::EnvironmentLookup& environment) {
  // To the parser it is the flag without a value, which means the healthy gateway. Who writes "="
  // means another: a variable is empty there.
  if (std::ranges::find(arguments, "--simulate=") != arguments.end()) {
    return lab::Error{"--simulate",
                      "\"\" is not allowed behind \"=\"; it takes the name of a file, or of a "
                      "built-in gateway, and without \"=\" it is the healthy one"};
  }
  const std::vector<Flag> known = known_flags();
  auto given = lab::GivenFlags::parse(known, "suite", with_short_flags_apart(known, arguments));
  if (!given) return lab::Error{{}, given.error().what + "; see loader --help"};
  CommandFlags flags;
  flags.given_ = *std::move(given);
  for (const char* const flag : {"simulate", "dashboard"}) {
    flags.take_value_behind(flag, arguments);
  }
  const lab::EnvironmentLookup variables = flags.with_assignments(environment);
  flags.take_variables(variables);
  flags.drop_empty();
  if (const auto heeded = flags.heed_k6(variables); !heeded) return heeded.error();
  return flags;
}

// As in k6 `-e K6_VUS=3` says what the variable of that name would.
lab::EnvironmentLookup CommandFlags::with_assignments(
    const lab::EnvironmentLookup& environment) const {
  return [this, &environment](const std::string& name) -> std::optional<std::string> {
    if (!name.starts_with("K6_")) return environment(name);
    const std::vector<lab::Setting>& assignments = all("env");
    const auto found = std::find_if(
        assignments.rbegin(), assignments.rend(),
        [&name](const lab::Setting& each) { return each.text.starts_with(name + "="); });
    if (found == assignments.rend()) return environment(name);
    return found->text.substr(name.size() + 1);
  };
}

void CommandFlags::take_variables(const lab::EnvironmentLookup& environment) {
  // As in k6 what is to be run, said on the command line, replaces all that variables say of it.
  const auto load = std::find_if(kFlags.begin(), kFlags.end(), [this](const Flag& flag) {
    return says_what_is_run(flag.name) && !all(std::string(flag.name)).empty();
  });
  for (const Flag& flag : kFlags) {
    const std::string name(flag.name);
    const bool is_given = !all(name).empty();
    given_.add_variable(name, flag.variable, environment);
    if (load == kFlags.end() || !says_what_is_run(name) || is_given || all(name).empty()) continue;
    warnings_.push_back(std::string(flag.variable) + " has no effect beside --" +
                        std::string(load->name) +
                        ": flags that say what is to be run replace what variables say of it");
    given_.all(name).clear();
  }
  for (const Variable& variable : kVariables) {
    given_.add_variable(std::string(variable.setting), variable.name, environment);
  }
}

// Once variables are taken: as in k6 the flag wins over them all the same.
void CommandFlags::drop_empty() {
  for (const std::string_view name : kMayBeEmpty) {
    std::vector<lab::Setting>& given = given_.all(std::string(name));
    if (given.empty() || !given.back().text.empty()) continue;
    const auto flag = std::ranges::find(kFlags, name, &Flag::name);
    // In a list of several it is a mistake there, too.
    if (given.size() == 1 || flag->takes == Takes::one) given.clear();
  }
}

// `--simulate FILE`: a value that may be left out is written with "=", but who writes one right
// after the flag, and a suite elsewhere, means the value.
void CommandFlags::take_value_behind(const std::string& name,
                                     const std::vector<std::string>& arguments) {
  std::vector<lab::Setting>& suites = given_.all("suite");
  std::vector<lab::Setting>& given = given_.all(name);
  const auto flag = std::find(arguments.begin(), arguments.end(), "--" + name);
  if (suites.size() < 2 || given.size() != 1 || flag == arguments.end() ||
      flag + 1 == arguments.end()) {
    return;
  }
  const auto value = std::find_if(suites.begin(), suites.end(), [&](const lab::Setting& suite) {
    return suite.text == *(flag + 1);
  });
  if (value == suites.end()) return;
  given.front().text = value->text;
  suites.erase(value);
}

lab::Result<void> CommandFlags::heed_k6(const lab::EnvironmentLookup& environment) {
  for (const K6Option& option : k6_options()) {
    // What is about scripts is told of once it is known that this is none.
    if (option.word == K6Word::works || option.word == K6Word::for_scripts) continue;
    // Not by its setting: a flag that is refused stands for no value.
    std::optional<lab::Setting> said;
    if (is_foreign(option)) said = find(std::string(option.flag));
    const auto variable =
        option.variable.empty() ? std::nullopt : environment(std::string(option.variable));
    if (!said && variable) said = {std::string(option.variable), *variable};
    if (!said || is_off(said->text)) continue;
    if (option.word == K6Word::refused) return lab::Error{said->source, std::string(option.says)};
    warnings_.push_back(said->source + " " + std::string(option.says));
  }
  return {};
}

std::string CommandFlags::help() { return lab::flags_help(kFlags); }

lab::Result<bool> CommandFlags::is_on(const std::string& flag) const {
  return is_flag_on(given_, flag);
}

lab::Result<bool> is_flag_on(const lab::GivenFlags& given, const std::string& flag) {
  const auto setting = given.find(flag);
  // It counts whatever its value is (no-color.org).
  if (setting && setting->source == "NO_COLOR")
    return setting->text != "false" && setting->text != "0";
  return given.is_on(flag);
}

}  // namespace loader
