#include "loader/summary/summary_table.h"

#include <algorithm>

#include "loader/summary/summary_format.h"

namespace loader {
namespace {

/// Dots behind the longest name, as in k6.
constexpr std::size_t kDotsMin = 3;

std::string render_trend(const SummaryRow& row, const SummaryWidths& widths,
                         std::span<const std::string> stats, const ConsoleStyle& style) {
  std::string line;
  for (std::size_t i = 0; i < row.columns.size(); ++i) {
    if (i != 0) line += ' ';
    line += stats[i] + "=" + style.cyan(row.columns[i]);
    if (i + 1 != row.columns.size()) line += padding(widths.trend[i], row.columns[i]);
  }
  return line;
}

std::string render_other(const SummaryRow& row, const SummaryWidths& widths,
                         const ConsoleStyle& style) {
  std::string line;
  for (std::size_t i = 0; i < row.columns.size(); ++i) {
    if (i != 0) line += ' ';
    line += i == 0 ? style.cyan(row.columns[i]) : style.faint_cyan(row.columns[i]);
    if (i + 1 != row.columns.size()) line += padding(widths.other[i], row.columns[i]);
  }
  return line;
}

}  // namespace

SummaryWidths widths_of(std::span<const SummaryRow> rows) {
  SummaryWidths widths;
  for (const SummaryRow& row : rows) {
    widths.name = std::max(widths.name, text_width(row.name));
    auto& columns = row.is_trend ? widths.trend : widths.other;
    if (columns.size() < row.columns.size()) columns.resize(row.columns.size());
    for (std::size_t i = 0; i < row.columns.size(); ++i) {
      columns[i] = std::max(columns[i], text_width(row.columns[i]));
    }
  }
  return widths;
}

std::string render_row(const SummaryRow& row, const SummaryWidths& widths,
                       std::span<const std::string> stats, const ConsoleStyle& style) {
  const std::string dots(widths.name + kDotsMin - text_width(row.name), '.');
  return row.name + style.faint(dots + ":") + " " +
         (row.is_trend ? render_trend(row, widths, stats, style)
                       : render_other(row, widths, style));
}

std::string padding(std::size_t width, std::string_view text) {
  const std::size_t taken = text_width(text);
  return std::string(width > taken ? width - taken : 0, ' ');
}

}  // namespace loader
