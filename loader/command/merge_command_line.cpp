#include "loader/command/merge_command_line.h"

#include <algorithm>
#include <array>
#include <utility>

#include "loader/command/command_flags.h"
#include "loader/command/report_flags.h"

namespace loader {
namespace {

using lab::Flag;
using Takes = lab::FlagTakes;

constexpr lab::Duration kWaitMax = std::chrono::hours(24 * 7);

constexpr std::array kMergeFlags{
    Flag{"max-skew", "TIME", Takes::one,
         "how far apart the parts may have started, else the verdict is incomplete (1s)"},
    Flag{"wait", "TIME", Takes::one, "wait so long for files that are not there yet (not at all)"},
    Flag{"no-thresholds", "", Takes::nothing, "do not evaluate thresholds", "K6_NO_THRESHOLDS"},
    Flag{"summary-time-unit", "s|ms|us", Takes::one, "of the summary's times, instead of the run's",
         "K6_SUMMARY_TIME_UNIT"},
};

/// Turns flags into a command; the first problem is kept.
class MergeReader {
 public:
  explicit MergeReader(const lab::GivenFlags& flags) : flags_(flags) {}

  lab::Result<MergeCommand> read() {
    for (const lab::Setting& file : flags_.all("file")) {
      if (file.text == "-") {
        fail({"-", "standard input is not read here; name the run files, or their folder"});
      }
      command_.files.push_back(file.text);
    }
    if (command_.files.empty()) {
      fail({{}, "which files? Name those that --mergeable has written, or their folder"});
    }
    if (const auto skew = duration("max-skew")) command_.settings.max_skew = *skew;
    command_.wait = duration("wait");
    command_.settings.evaluates_thresholds = !is_on("no-thresholds");
    read_time_unit();
    command_.reports.taken_from_environment = flags_.taken_from_environment();
    const auto reports = read_report_flags(
        {.find = [this](const std::string& flag) { return flags_.find(flag); },
         .is_on = [this](const std::string& flag) { return is_flag_on(flags_, flag); }},
        command_.reports);
    if (!reports) fail(reports.error());
    command_.settings.trend_stats = command_.reports.summary_trend_stats;
    if (problem_) return *std::move(problem_);
    return std::move(command_);
  }

 private:
  void fail(lab::Error error) {
    if (!problem_) problem_ = std::move(error);
  }
  bool is_on(const std::string& flag) {
    const auto on = is_flag_on(flags_, flag);
    if (!on) fail(on.error());
    return on && *on;
  }
  std::optional<lab::Duration> duration(const std::string& flag) {
    const auto setting = flags_.find(flag);
    if (!setting) return std::nullopt;
    const auto value = lab::parse_duration(setting->text);
    if (value && *value >= lab::Duration::zero() && *value <= kWaitMax) return *value;
    fail(value ? setting->refuse("a time from 0 to a week, such as 30s")
               : lab::Error{setting->source, value.error().what});
    return std::nullopt;
  }
  void read_time_unit() {
    const auto setting = flags_.find("summary-time-unit");
    if (!setting) return;
    command_.settings.time_unit = setting->text;
    if (setting->text != "s" && setting->text != "ms" && setting->text != "us") {
      fail(setting->refuse("s, ms or us"));
    }
  }

  const lab::GivenFlags& flags_;
  MergeCommand command_;
  std::optional<lab::Error> problem_;
};

}  // namespace

// Its own, and those of a run that are about what it leaves.
std::vector<Flag> merge_flags() {
  std::vector<Flag> flags(kMergeFlags.begin(), kMergeFlags.end());
  for (const Flag& flag : run_flags()) {
    if (std::ranges::find(kReportFlags, flag.name) != kReportFlags.end()) flags.push_back(flag);
  }
  return flags;
}

lab::Result<MergeCommand> parse_merge_command(const std::vector<std::string>& arguments,
                                              const lab::EnvironmentLookup& environment) {
  const std::vector<Flag> table = merge_flags();
  auto flags = lab::GivenFlags::parse(table, "file", arguments);
  if (!flags) return lab::Error{{}, flags.error().what + "; see loader merge --help"};
  if (const auto once = check_said_once(*flags); !once) return once.error();
  for (const Flag& flag : table) {
    flags->add_variable(std::string(flag.name), flag.variable, environment);
  }
  return MergeReader(*flags).read();
}

std::string merge_usage() {
  return "Usage: loader merge FILE... [flags]\n\n"
         "Puts the parts of one run together that several processes have carried out, each with\n"
         "--mergeable FILE and a part of the load (--shard 2/5, or --execution-segment): one "
         "summary,\n"
         "one verdict on the thresholds, the files that a run leaves. A folder stands for its run\n"
         "files, *.json and *.json.gz.\n\n"
         "A part that is missing, in two files, of another run, broken or cut short, ended early,\n"
         "late, or was itself the bottleneck makes the verdict incomplete: it is named, what there "
         "is\n"
         "is shown, and the exit code is 123. So do parts that had a simulated gateway's limits "
         "each\n"
         "for itself. A file that is named twice counts once.\n\n" +
         lab::flags_help(merge_flags()) +
         "\nExit codes: 0 passed, 99 a threshold was crossed, 104 flags are wrong, or a file that "
         "is "
         "named is no run file,\n"
         "110 a script has marked the run as failed, 123 the verdict is incomplete, 255 anything "
         "else.\n";
}

}  // namespace loader
