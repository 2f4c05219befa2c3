#include "loader/command/compare_command_line.h"

#include <array>
#include <charconv>
#include <utility>

#include "loader/command/report_flags.h"

namespace loader {
namespace {

using lab::Flag;
using Takes = lab::FlagTakes;

constexpr std::array kCompareFlags{
    Flag{"margin", "[MEASURE=]PERCENT", Takes::several,
         "from which change on B is worse: 2% of times and rates, 0.5% (points) of shares "
         "(repeatable)"},
    Flag{"min-change", "TIME", Takes::one, "times that differ by less are never worse (500us)"},
    Flag{"confidence", "PERCENT", Takes::one, "of all intervals together (95%)"},
    Flag{"seed", "N", Takes::one, "of the draws (1)"},
    Flag{"json", "FILE", Takes::one, "write the comparison as JSON"},
    Flag{"markdown", "FILE", Takes::one, "write a job summary"},
    Flag{"html", "FILE", Takes::one, "write a report to look at, one page without dependencies"},
    Flag{"no-color", "", Takes::nothing, "no colors"},
};

lab::Result<double> confidence_of(const lab::Setting& setting) {
  std::string_view text = setting.text;
  if (text.ends_with('%')) text.remove_suffix(1);
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && percent >= 50 && percent <= 99.9) return percent / 100;
  return setting.refuse("a percentage from 50 to 99.9, such as 95%");
}

lab::Result<void> read_settings(const lab::GivenFlags& flags, CompareSettings& settings) {
  for (const lab::Setting& margin : flags.all("margin")) {
    if (const auto set = set_margin(settings, margin.text); !set) return set;
  }
  if (const auto change = flags.find("min-change")) {
    const auto time = lab::parse_duration(change->text);
    if (!time) return lab::Error{change->source, time.error().what};
    if (*time < lab::Duration::zero()) return change->refuse("a time from 0 on, such as 1ms");
    settings.min_change = *time;
  }
  if (const auto setting = flags.find("confidence")) {
    const auto confidence = confidence_of(*setting);
    if (!confidence) return confidence.error();
    settings.confidence = *confidence;
  }
  if (const auto setting = flags.find("seed")) {
    const auto seed = setting->as_number(0);
    if (!seed) return seed.error();
    settings.seed = *seed;
  }
  return {};
}

lab::Result<void> read_reports(const lab::GivenFlags& flags, CompareCommand& command) {
  for (const auto& [flag, place] :
       {std::pair("json", &command.json), std::pair("markdown", &command.markdown),
        std::pair("html", &command.html)}) {
    auto read = place_of(flags.find(flag));
    if (!read) return read.error();
    *place = *std::move(read);
  }
  const auto no_color = flags.is_on("no-color");
  if (!no_color) return no_color.error();
  command.no_color = *no_color;
  return {};
}

}  // namespace

lab::Result<CompareCommand> parse_compare_command(const std::vector<std::string>& arguments) {
  const auto flags = lab::GivenFlags::parse(kCompareFlags, "file", arguments);
  if (!flags) return lab::Error{{}, flags.error().what + "; see loader compare --help"};
  if (const auto once = check_said_once(*flags); !once) return once.error();
  const std::vector<lab::Setting>& files = flags->all("file");
  if (files.size() != 2) {
    return lab::Error{{},
                      "which two files? The run that is the measure, and the one to be judged: "
                      "loader compare before.json after.json"};
  }
  for (const lab::Setting& file : files) {
    if (file.text != "-") continue;
    return lab::Error{"-",
                      "standard input is not read here; name two files, or give a pipe's name as "
                      "the shell's <(command) does"};
  }
  CompareCommand command{.a = files[0].text, .b = files[1].text};
  if (const auto read = read_settings(*flags, command.settings); !read) return read.error();
  if (const auto read = read_reports(*flags, command); !read) return read.error();
  return command;
}

std::span<const Flag> compare_flags() { return kCompareFlags; }

std::string compare_usage() {
  std::string measures;
  for (const MeasureInfo& info : kMeasures) {
    const std::string name(info.name);
    measures += "  " + name + std::string(24 - name.size(), ' ') + std::string(info.says) + "\n";
  }
  return "Usage: loader compare A B [flags]\n\n"
         "Says what is worse in run B than in run A, and how sure that is. A and B are summaries,\n"
         "run files (--mergeable) or files of requests (--samples), compressed or not; of a "
         "summary\n"
         "of k6 there are figures and no verdict.\n\n" +
         lab::flags_help(kCompareFlags) + "\nMeasures:\n" + measures +
         "\nExit codes: 0 nothing is worse, or there is no verdict; 104 flags are wrong, or a file "
         "can't\n"
         "be read or is something else; 122 something is worse; 255 a report could not be "
         "written.\n";
}

}  // namespace loader
