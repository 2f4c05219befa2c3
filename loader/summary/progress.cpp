#include "loader/summary/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "loader/summary/console_style.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_table.h"

namespace loader {
namespace {

/// Longer names of scenarios are cut in front of the bar, as in k6.
constexpr std::size_t kNameMax = 30;
/// Below this a bar says less than its percentage.
constexpr int kBarMin = 8;

std::string two_digits(std::int64_t value) {
  const std::string text = std::to_string(value);
  return text.size() < 2 ? "0" + text : text;
}

std::string shortened(const std::string& name) {
  if (name.size() <= kNameMax) return name;
  return std::string(name).replace(kNameMax - 3, std::string::npos, "...");
}

std::string status_mark(ScenarioStatus status, const ConsoleStyle& style) {
  switch (status) {
    case ScenarioStatus::waiting:
      return "•";
    case ScenarioStatus::running:
      return " ";
    case ScenarioStatus::stopping:
      return style.yellow("↓");
    case ScenarioStatus::interrupted:
      return style.red("✗");
    case ScenarioStatus::done:
      return style.green("✓");
  }
  return " ";
}

std::string bar(double fraction, int width) {
  const double share = std::clamp(fraction, 0.0, 1.0);
  if (width < kBarMin) {
    const std::string percent = format_fixed(std::floor(share * 100), 0);
    return "[" + std::string(4 - std::min<std::size_t>(3, percent.size()), ' ') + percent + "% ]";
  }
  const auto all = static_cast<std::size_t>(width);
  const auto filled = static_cast<std::size_t>(static_cast<double>(width) * share);
  if (filled == 0) return "[" + std::string(all, '-') + "]";
  if (filled == all) return "[" + std::string(all, '=') + "]";
  return "[" + std::string(filled - 1, '=') + ">" + std::string(all - filled, '-') + "]";
}

}  // namespace

std::string format_run_plan(const RunPlan& plan, bool colors) {
  const ConsoleStyle style{colors};
  std::string outputs;
  for (const std::string& output : plan.outputs) outputs += (outputs.empty() ? "" : ", ") + output;
  const std::size_t count = plan.scenarios.size();
  const auto rounded =
      std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(plan.duration_max);
  std::string text;
  text += "     execution: " + style.cyan(plan.execution) + "\n";
  text += "         suite: " + style.cyan(plan.suite) + "\n";
  text += "        output: " + style.cyan(outputs.empty() ? "-" : outputs) + "\n\n";
  text += "     scenarios: " +
          style.cyan("(" + format_fixed(plan.segment_share * 100, 2) + "%) " +
                     std::to_string(count) + (count == 1 ? " scenario, " : " scenarios, ") +
                     std::to_string(plan.vus_max) + " max VUs, " + lab::format_duration(rounded) +
                     " max duration (incl. graceful stop):") +
          "\n";
  for (const ScenarioPlan& scenario : plan.scenarios) {
    text += "              * " + scenario.name + ": " + scenario.description + "\n";
  }
  return text + "\n";
}

std::string format_running_line(const RunProgress& progress) {
  const std::string note = progress.note.empty() ? "" : " " + progress.note;
  return "running (" + fixed_duration(progress.elapsed, progress.duration_max) + note + "), " +
         zero_padded(progress.vus, progress.vus_max) + "/" +
         zero_padded(progress.vus_max, progress.vus_max) + " VUs, " +
         std::to_string(progress.complete) + " complete and " +
         std::to_string(progress.interrupted) + " interrupted iterations";
}

std::vector<std::string> format_bars(const std::vector<ScenarioProgress>& scenarios,
                                     BarStyle bar_style) {
  const ConsoleStyle style{bar_style.colors};
  std::size_t name_width = 0;
  std::vector<std::size_t> widths;
  for (const ScenarioProgress& scenario : scenarios) {
    name_width = std::max(name_width, shortened(scenario.name).size());
    widths.resize(std::max(widths.size(), scenario.columns.size()));
    for (std::size_t i = 0; i < scenario.columns.size(); ++i) {
      widths[i] = std::max(widths[i], text_width(scenario.columns[i]));
    }
  }
  std::vector<std::string> lines;
  for (const ScenarioProgress& scenario : scenarios) {
    const std::string name = shortened(scenario.name);
    std::string line = name + padding(name_width, name) + " " +
                       status_mark(scenario.status, style) + " " +
                       bar(scenario.fraction, bar_style.bar_width);
    for (std::size_t i = 0; i < scenario.columns.size(); ++i) {
      line += (i == 0 ? " " : "  ") + scenario.columns[i];
      if (i + 1 != scenario.columns.size()) line += padding(widths[i], scenario.columns[i]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string fixed_duration(lab::Duration d, lab::Duration max) {
  using Tenths = std::chrono::duration<std::int64_t, std::deci>;
  const std::int64_t tenths = std::chrono::round<Tenths>(d).count();
  const std::int64_t max_tenths = std::max(tenths, std::chrono::round<Tenths>(max).count());
  const std::int64_t seconds = tenths / 10;
  const std::string rest = "." + std::to_string(tenths % 10) + "s";
  if (max_tenths < 10 * 10) return std::to_string(seconds) + rest;
  if (max_tenths < 60 * 10) return two_digits(seconds) + rest;
  const std::int64_t minutes = seconds / 60;
  const std::string with_seconds = "m" + two_digits(seconds % 60) + rest;
  if (max_tenths < 600 * 10) return std::to_string(minutes) + with_seconds;
  if (max_tenths < 3600 * 10) return two_digits(minutes) + with_seconds;
  const std::int64_t hours = minutes / 60;
  const std::string with_minutes = "h" + two_digits(minutes % 60) + with_seconds;
  return (max_tenths < 36'000 * 10 ? std::to_string(hours) : two_digits(hours)) + with_minutes;
}

std::string progress_time(lab::Duration elapsed, lab::Duration total) {
  if (elapsed >= total) return lab::format_duration(total);
  return fixed_duration(elapsed, total) + "/" + lab::format_duration(total);
}

std::string zero_padded(std::uint64_t value, std::uint64_t max) {
  const std::string text = std::to_string(value);
  const std::size_t digits = std::to_string(max).size();
  return std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
}

}  // namespace loader
