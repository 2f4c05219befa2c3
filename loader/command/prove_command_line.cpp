#include "loader/command/prove_command_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "loader/command/report_flags.h"
#include "loader/command/short_flags.h"
#include "shared/base/flags.h"

namespace loader {
namespace {

using lab::Flag;
using Takes = lab::FlagTakes;

constexpr std::array kProveFlags{
    Flag{"gateway", "GATEWAY", Takes::one,
         "the sound gateway: a file's or a built-in one (healthy)"},
    Flag{"network", "NETWORK", Takes::one, "the sound network: a file's or a built-in one"},
    Flag{"flow", "BUILT-IN", Takes::one,
         "for a file that is a k6 options object: the built-in suite whose flows it runs"},
    Flag{"vus", "N", Takes::one, "number of virtual users", "", "u"},
    Flag{"duration", "TIME", Takes::one, "how long the suite's scenario lasts", "", "d"},
    Flag{"iterations", "N", Takes::one, "iterations in all", "", "i"},
    Flag{"env", "NAME=VALUE", Takes::several, "a variable (repeatable)", "", "e"},
    Flag{"only", "FAMILY,..", Takes::several, "only these families (repeatable)"},
    Flag{"skip", "FAMILY,..", Takes::several, "all but these (repeatable)"},
    Flag{"mutants", "MUTANTS", Takes::one,
         "families of one's own, besides or instead of the built-in ones"},
    Flag{"seed", "N", Takes::one, "of the first run; others count up from it (1)"},
    Flag{"seeds", "N", Takes::one,
         "runs of each mutant (as many as the budget allows, 3 to 40; of a command 1)"},
    Flag{"budget", "TIME", Takes::one, "what it may take on two cores, by the number of events"},
    Flag{"threads", "N", Takes::one, "threads (one a core); they change nothing in the reports"},
    Flag{"min-score", "PERCENT", Takes::one,
         "families to be noticed at least, else exit code 120 (0)"},
    Flag{"oc", "THRESHOLD", Takes::one,
         "how likely a threshold is to go red, by size and length: 'http_req_failed: rate<0.05'"},
    Flag{"vary", "FAMILY=A..B", Takes::one, "with --oc: what is varied: status-500=0..20%"},
    Flag{"exec", "COMMAND", Takes::one,
         "instead of a suite: a command that is given GATEWAY_URL and API_KEY, run for real, "
         "whose exit code is the verdict"},
    Flag{"exec-timeout", "TIME", Takes::one, "of each run of the command (10m)"},
    Flag{"exec-output", "FOLDER", Takes::one, "what the command prints (prove-output)"},
    Flag{"write-mutants", "FOLDER", Takes::one,
         "write the gateway and network file of each mutant"},
    Flag{"json", "FILE", Takes::one, "write the proof as JSON"},
    Flag{"junit", "FILE", Takes::one, "write thresholds and families as test cases"},
    Flag{"markdown", "FILE", Takes::one, "write a job summary"},
    Flag{"html", "FILE", Takes::one, "write a report to look at, one page without dependencies"},
    Flag{"quiet", "", Takes::nothing, "do not show progress", "", "q"},
    Flag{"no-color", "", Takes::nothing, "no colors"},
};

// Flags that say something of one kind of proof only.
constexpr auto kOfSuites = std::to_array<std::string_view>(
    {"flow", "vus", "duration", "iterations", "env", "budget", "threads", "write-mutants"});
constexpr auto kOfCommands = std::to_array<std::string_view>({"exec-timeout", "exec-output"});
constexpr auto kOfProofs = std::to_array<std::string_view>({"only", "skip", "min-score"});

constexpr std::uint64_t kProofThreadsMax = 256;

/// Turns flags into a command; the first problem is kept.
class ProveReader {
 public:
  explicit ProveReader(const lab::GivenFlags& flags) : flags_(flags) {}

  lab::Result<ProveCommand> read() {
    command_.exec = text("exec");
    refuse_of_others();
    command_.exec_timeout = duration("exec-timeout").value_or(command_.exec_timeout);
    if (const auto folder = flags_.find("exec-output")) command_.exec_output = folder->text;
    read_suite();
    read_world();
    read_effort();
    read_characteristic();
    read_reports();
    if (problem_) return *std::move(problem_);
    return std::move(command_);
  }

 private:
  // Of a suite, of a command and of a characteristic each: what is said of another would be lost.
  void refuse_of_others() {
    if (flags_.find("exec")) {
      refuse_each(kOfSuites, "is of a suite; a command has its own, leave it out");
    } else {
      refuse_each(kOfCommands, "is of a command, which --exec names");
    }
    if (flags_.find("oc")) {
      refuse_each(kOfProofs, "has no meaning with --oc, which varies one family: that of --vary");
    }
  }
  void refuse_each(std::span<const std::string_view> names, const std::string& why) {
    for (const std::string_view name : names) {
      if (const auto flag = flags_.find(std::string(name))) fail({flag->source, why});
    }
  }

  void read_suite() {
    const std::vector<lab::Setting>& suites = flags_.all("suite");
    if (!command_.exec.empty()) {
      if (suites.empty()) return;
      return fail({"--exec", "a command takes the place of a suite; leave out \"" +
                                 suites.front().text + "\""});
    }
    if (suites.size() != 1) {
      return fail({"", suites.empty() ? "which suite? a file, or a built-in one: loader prove smoke"
                                      : "one suite at a time, not \"" + suites[0].text +
                                            "\" and \"" + suites[1].text + "\""});
    }
    command_.suite = suites.front().text;
    command_.flow = text("flow");
    command_.shortcuts.vus = number("vus", 1);
    command_.shortcuts.iterations = number("iterations", 1);
    command_.shortcuts.duration = duration("duration");
    for (const lab::Setting& setting : flags_.all("env")) {
      command_.assignments.push_back(setting.text);
    }
  }

  void read_world() {
    command_.gateway = text("gateway");
    command_.network = text("network");
    command_.only = listed("only");
    command_.skip = listed("skip");
    command_.mutants = text("mutants");
  }

  void read_effort() {
    constexpr std::uint64_t kSeedMax = std::uint64_t{1} << 62;
    constexpr std::uint64_t kSeedsMax = 1000;
    command_.seed = number("seed", 0, kSeedMax).value_or(1);
    command_.seeds = number("seeds", 1, kSeedsMax);
    command_.budget = duration("budget");
    if (const auto threads = number("threads", 1, kProofThreadsMax)) {
      command_.threads = static_cast<unsigned>(*threads);
    }
    read_min_score();
  }

  void read_min_score() {
    const auto setting = flags_.find("min-score");
    if (!setting) return;
    const char* const end = setting->text.data() + setting->text.size();
    const auto [parsed, ec] = std::from_chars(setting->text.data(), end, command_.min_score);
    const bool is_number = ec == std::errc{} && parsed == end;
    if (is_number && command_.min_score >= 0 && command_.min_score <= 100) return;
    fail(setting->refuse("a number from 0 to 100, of percent"));
  }

  void read_characteristic() {
    command_.oc = text("oc");
    command_.vary = text("vary");
    if (!command_.oc.empty() && command_.vary.empty()) {
      fail({"--oc", "needs --vary, such as --vary status-500=0..20%"});
    } else if (command_.oc.empty() && !command_.vary.empty()) {
      fail({"--vary", "needs --oc, such as --oc 'http_req_failed: rate<0.05'"});
    } else if (!command_.oc.empty() && !command_.exec.empty()) {
      fail({"--oc", "is of a suite, not of a command"});
    }
  }

  void read_reports() {
    command_.write_mutants = text("write-mutants");
    command_.json = text("json");
    command_.junit = text("junit");
    command_.markdown = text("markdown");
    command_.html = text("html");
    command_.quiet = is_on("quiet");
    command_.no_color = is_on("no-color");
    const bool has_characteristic = !command_.oc.empty();
    for (const char* const flag : {"junit", "markdown", "html", "write-mutants"}) {
      if (has_characteristic && flags_.find(flag)) {
        fail({"--" + std::string(flag), "has no meaning with --oc, which has --json only"});
      }
    }
  }

  void fail(lab::Error error) {
    if (!problem_) problem_ = std::move(error);
  }
  [[nodiscard]] std::string text(const std::string& flag) const {
    const auto setting = flags_.find(flag);
    return setting ? setting->text : std::string();
  }
  [[nodiscard]] bool is_on(const std::string& flag) {
    const auto value = flags_.is_on(flag);
    if (!value) fail(value.error());
    return value && *value;
  }
  // Repeatable, and separated by commas.
  [[nodiscard]] std::vector<std::string> listed(const std::string& flag) const {
    std::vector<std::string> names;
    for (const lab::Setting& each : flags_.all(flag)) {
      std::size_t at = 0;
      while (at <= each.text.size()) {
        const std::size_t end = std::min(each.text.find(',', at), each.text.size());
        if (end > at) names.push_back(each.text.substr(at, end - at));
        at = end + 1;
      }
    }
    return names;
  }
  std::optional<std::uint64_t> number(
      const std::string& flag, std::uint64_t min,
      std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) {
    const auto setting = flags_.find(flag);
    if (!setting) return std::nullopt;
    const auto value = setting->as_number(min, max);
    if (value) return *value;
    fail(value.error());
    return std::nullopt;
  }
  std::optional<lab::Duration> duration(const std::string& flag) {
    const auto setting = flags_.find(flag);
    if (!setting) return std::nullopt;
    const auto value = lab::parse_duration(setting->text);
    if (value && *value > lab::Duration::zero()) return *value;
    fail(value ? setting->refuse("a time above 0, such as 60s")
               : lab::Error{setting->source, value.error().what});
    return std::nullopt;
  }

  const lab::GivenFlags& flags_;
  ProveCommand command_;
  std::optional<lab::Error> problem_;
};

}  // namespace

lab::Result<ProveCommand> parse_prove_command(const std::vector<std::string>& arguments) {
  const auto flags =
      lab::GivenFlags::parse(kProveFlags, "suite", with_short_flags_apart(kProveFlags, arguments));
  if (!flags) return flags.error();
  if (const auto once = check_said_once(*flags); !once) return once.error();
  return ProveReader(*flags).read();
}

std::span<const Flag> prove_flags() { return kProveFlags; }

std::string prove_usage() {
  return "Usage: loader prove SUITE [flags]\n"
         "       loader prove --exec COMMAND [flags]\n\n"
         "Tests the thresholds of a suite: runs it in virtual time against gateways that are "
         "broken\n"
         "in many ways and to many degrees, and says which thresholds notice what.\n\n" +
         lab::flags_help(kProveFlags) +
         "\nExit codes: 0; 104 wrong flags or files; 105 interrupted, what is known is shown; 120 "
         "a\n"
         "threshold that cannot go red or goes red by itself, or a score below --min-score.\n";
}

}  // namespace loader
