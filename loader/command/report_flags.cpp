#include "loader/command/report_flags.h"

#include <vector>

#include "loader/command/command_variables.h"
#include "loader/summary/summary_data.h"

namespace loader {
namespace {

std::string text_of(const FlagSource& flags, const std::string& flag) {
  const auto setting = flags.find(flag);
  return setting ? setting->text : std::string();
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
  } else {
    return mode->refuse("compact, full or disabled");
  }
  return {};
}

}  // namespace

lab::Result<void> read_report_flags(const FlagSource& flags, RunCommand& command) {
  command.summary_file = text_of(flags, "summary-file");
  command.summary_export = text_of(flags, "summary-export");
  command.junit = text_of(flags, "junit");
  command.markdown = text_of(flags, "markdown");
  command.html = text_of(flags, "html");
  const auto no_color = flags.is_on("no-color");
  if (!no_color) return no_color.error();
  command.no_color = *no_color;
  if (const auto stats = read_trend_stats(flags, command); !stats) return stats;
  return read_mode(flags, command);
}

}  // namespace loader
