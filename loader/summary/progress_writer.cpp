#include "loader/summary/progress_writer.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "loader/summary/summary_format.h"

namespace loader {
namespace {

/// The widest bar, as in k6.
constexpr int kBarMax = 38;
/// Wide enough for "[  12% ]" only.
constexpr int kBarPercent = 6;

int longest(const std::vector<std::string>& lines) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, text_width(line));
  return static_cast<int>(width);
}

std::string cut(const std::string& line, int columns) {
  std::size_t end = 0;
  for (int left = columns; end < line.size(); ++end) {
    const bool starts_character = (static_cast<unsigned char>(line[end]) & 0xc0) != 0x80;
    if (starts_character && left-- == 0) break;
  }
  return line.substr(0, end);
}

}  // namespace

lab::Duration ProgressWriter::interval() const {
  return style_.is_terminal ? std::chrono::milliseconds(100) : std::chrono::seconds(1);
}

std::vector<std::string> ProgressWriter::lines_of(const RunProgress& progress) const {
  std::vector<std::string> bars =
      format_bars(progress.scenarios, {.bar_width = kBarMax, .colors = false});
  int bar_width = kBarMax;
  if (const int excess = longest(bars) - style_.columns; excess > 0) {
    bar_width = kBarMax - excess;
    bars = format_bars(progress.scenarios, {.bar_width = bar_width, .colors = false});
  }
  // Colours only where nothing has to be cut: a cut sequence would colour what follows.
  const bool fits = longest(bars) <= style_.columns;
  if (fits)
    bars = format_bars(progress.scenarios, {.bar_width = bar_width, .colors = style_.colors});
  std::vector<std::string> lines{cut(format_running_line(progress), style_.columns)};
  for (const std::string& bar : bars) lines.push_back(fits ? bar : cut(bar, style_.columns));
  return lines;
}

void ProgressWriter::update(const RunProgress& progress) {
  if (style_.is_quiet) return;
  if (!style_.is_terminal) {
    *out_ << format_running_line(progress) << '\n' << std::flush;
    return;
  }
  // One write, so that the terminal never shows half a refresh.
  std::string text;
  if (lines_shown_ != 0) text += "\r\x1b[" + std::to_string(lines_shown_) + "A";
  const std::vector<std::string> lines = lines_of(progress);
  for (const std::string& line : lines) text += line + "\x1b[K\n";
  lines_shown_ = lines.size();
  *out_ << text << std::flush;
}

void ProgressWriter::clear() {
  if (lines_shown_ == 0) return;
  *out_ << "\r\x1b[" + std::to_string(lines_shown_) + "A\x1b[J" << std::flush;
  lines_shown_ = 0;
}

void ProgressWriter::finish(const RunProgress& progress) {
  if (style_.is_quiet) return;
  update(progress);
  if (style_.is_terminal) {
    lines_shown_ = 0;
    return;
  }
  for (const std::string& bar :
       format_bars(progress.scenarios, {.bar_width = kBarPercent, .colors = false})) {
    *out_ << bar << '\n';
  }
  *out_ << std::flush;
}

}  // namespace loader
