#include "loader/command/report_flags.h"

#include <utility>
#include <vector>

#include "loader/command/command_variables.h"
#include "loader/summary/summary_data.h"

namespace loader {
namespace {

lab::Result<void> read_places(const FlagSource& flags, RunCommand& command) {
  const std::pair<const char*, std::string*> places[]{{"summary-file", &command.summary_file},
                                                      {"summary-export", &command.summary_export},
                                                      {"junit", &command.junit},
                                                      {"markdown", &command.markdown},
                                                      {"html", &command.html}};
  for (const auto& [flag, place] : places) {
    auto read = place_of(flags.find(flag));
    if (!read) return read.error();
    *place = *std::move(read);
  }
  return {};
}

lab::Result<void> read_trend_stats(const FlagSource& flags, RunCommand& command) {
  const auto setting = flags.find("summary-trend-stats");
  if (!setting) return {};
  command.summary_trend_stats = split_at_commas(setting->text);
  for (const std::string& stat : command.summary_trend_stats) {
    const auto known = check_trend_stat(stat);
    if (!known) return lab::Error{setting->source, known.error().what};
  }
  return {};
}

lab::Result<void> read_mode(const FlagSource& flags, RunCommand& command) {
  const auto off = flags.is_on("no-summary");
  if (!off) return off.error();
  command.no_summary = *off;
  const auto mode = flags.find("summary-mode");
  if (!mode || mode->text == "compact") return {};
  if (mode->text == "full") {
    command.summary_mode = SummaryMode::full;
  } else if (mode->text == "disabled") {
    command.no_summary = true;
  } else if (mode->text == "legacy") {
    command.warnings.push_back(
        mode->source + " legacy is no longer one of k6's modes: the compact summary is shown");
  } else {
    return mode->refuse("compact, full or disabled");
  }
  return {};
}

}  // namespace

lab::Result<std::string> place_of(const std::optional<lab::Setting>& setting) {
  if (!setting) return lab::Result<std::string>(boost::system::in_place_value);
  if (setting->text.empty() && setting->is_argument()) {
    return setting->refuse(setting->source == "--summary-file"
                               ? "the name of a file, - for standard output, or none"
                               : "the name of a file, or - for standard output");
  }
  return lab::Result<std::string>(boost::system::in_place_value, setting->text);
}

lab::Result<void> check_said_once(const lab::GivenFlags& flags) {
  for (const char* const flag : {"samples", "mergeable", "summary-file", "junit", "markdown",
                                 "html", "json", "exec-output", "write-mutants"}) {
    const std::vector<lab::Setting>& given = flags.all(flag);
    for (const lab::Setting& each : given) {
      if (each.text == given.front().text) continue;
      return lab::Error{each.source, "is said twice, \"" + given.front().text + "\" and \"" +
                                         each.text + "\"; it takes one place"};
    }
  }
  return {};
}

lab::Result<void> read_report_flags(const FlagSource& flags, RunCommand& command) {
  if (const auto places = read_places(flags, command); !places) return places;
  const auto no_color = flags.is_on("no-color");
  if (!no_color) return no_color.error();
  command.no_color = *no_color;
  if (const auto stats = read_trend_stats(flags, command); !stats) return stats;
  return read_mode(flags, command);
}

}  // namespace loader
