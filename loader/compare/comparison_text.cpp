#include "loader/compare/comparison_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "loader/compare/comparison_words.h"
#include "loader/summary/console_style.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_table.h"

namespace loader {
namespace {

constexpr std::size_t kTextColumns = 100;
constexpr std::size_t kNameColumns = 44;

using Cells = std::array<std::string, 5>;  ///< Name, A, B, change, interval.

std::string cut(const std::string& text, std::size_t width) {
  if (text_width(text) <= width) return text;
  std::string shown;
  std::size_t columns = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && ++columns == width) break;
    shown += c;
  }
  return shown + "…";
}

// Words, so many in a line as have room.
std::string wrapped(const std::string& text, const std::string& indent) {
  std::string out;
  std::string line = indent;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    const bool is_first = line.size() == indent.size();
    if (!is_first && text_width(line) + 1 + text_width(word) > kTextColumns) {
      out += line + "\n";
      line = indent + word;
    } else {
      line += (is_first ? "" : " ") + word;
    }
    at = end + 1;
  }
  return out + line + "\n";
}

Cells cells_of(const FigureChange& figure) {
  const MeasureUnit unit = info_of(figure.measure).unit;
  return {cut(figure_name(figure), kNameColumns), figure_value(unit, figure.a),
          figure_value(unit, figure.b), change_text(unit, figure.change),
          figure.interval ? interval_text(figure) : figure.reason};
}

std::string heading_of(ChangeVerdict verdict, const ConsoleStyle& style) {
  switch (verdict) {
    case ChangeVerdict::worse:
      return style.red("✗ WORSE");
    case ChangeVerdict::better:
      return style.green("✓ BETTER");
    case ChangeVerdict::alike:
      return style.bold("~ NO DIFFERENCE");
    case ChangeVerdict::unjudged:
      break;
  }
  return style.yellow("? NOT JUDGED");
}

class Table {
 public:
  explicit Table(const RunComparison& comparison) {
    take({"", "A", "B", "change", "interval"});
    for (const FigureChange& figure : comparison.figures) take(cells_of(figure));
  }
  // Numbers are aligned to the right.
  [[nodiscard]] std::string line(const Cells& cells) const {
    std::string text(kSummaryIndent);
    text += cells[0] + padding(widths_[0], cells[0]);
    for (std::size_t i = 1; i < cells.size(); ++i) {
      const bool is_last = i + 1 == cells.size();
      text += "  " + (is_last ? std::string() : padding(widths_[i], cells[i])) + cells[i];
    }
    while (text.ends_with(' ')) text.pop_back();
    return text + "\n";
  }

 private:
  void take(const Cells& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths_[i] = std::max(widths_[i], text_width(cells[i]));
    }
  }

  std::array<std::size_t, 5> widths_{};
};

std::string list_of(const std::string& title, const std::vector<std::string>& items,
                    const ConsoleStyle& style) {
  if (items.empty()) return {};
  const std::string indent(kSummaryIndent);
  std::string text = indent + style.yellow(title) + "\n";
  for (const std::string& item : items) text += wrapped(printable(item), indent + "  ");
  return text + "\n";
}

}  // namespace

std::string comparison_text(const RunComparison& comparison, bool colors) {
  const ConsoleStyle style{colors};
  const std::string indent(kSummaryIndent);
  std::string text = "\n  █ " + style.bold("COMPARED") + "\n\n";
  text += wrapped("A: " + printable(comparison.a), indent) +
          wrapped("B: " + printable(comparison.b), indent) + "\n";
  if (const std::string headline = headline_text(comparison); !headline.empty()) {
    text += wrapped(headline, indent) + "\n";
  }
  text += list_of("NOT ALIKE", comparison.unlike, style);
  text += list_of("NEW ERRORS IN B", comparison.new_errors, style);
  const Table table(comparison);
  for (const ChangeVerdict verdict : verdicts_shown()) {
    const std::vector<FigureChange> figures = figures_with(comparison, verdict);
    if (figures.empty()) continue;
    text += indent + heading_of(verdict, style) + "\n";
    text += style.faint(table.line({"", "A", "B", "change", "interval"}));
    for (const FigureChange& figure : figures) text += table.line(cells_of(figure));
    text += "\n";
  }
  if (!comparison.no_verdict.empty()) {
    return text + wrapped("No verdict: " + printable(comparison.no_verdict) + ".", indent) + "\n";
  }
  return text + wrapped(tally_text(comparison) + ". " + method_text(comparison), indent) + "\n";
}

}  // namespace loader
