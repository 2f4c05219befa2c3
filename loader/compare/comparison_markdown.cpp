#include "loader/compare/comparison_markdown.h"

#include "loader/compare/comparison_words.h"
#include "loader/summary/markdown_text.h"

namespace loader {
namespace {

std::string figure_rows(const std::vector<FigureChange>& figures) {
  MarkdownTable table({"Figure", "Part", "#A", "#B", "#Change", "#Interval"});
  for (const FigureChange& figure : figures) {
    const MeasureUnit unit = info_of(figure.measure).unit;
    table.add({markdown_code(info_of(figure.measure).name), markdown_escaped(figure.part),
               markdown_escaped(figure_value(unit, figure.a)),
               markdown_escaped(figure_value(unit, figure.b)),
               markdown_escaped(change_text(unit, figure.change)),
               markdown_escaped(figure.interval ? interval_text(figure) : figure.reason)});
  }
  return table.markdown();
}

std::string bullets(std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string text = "\n**" + std::string(title) + "**\n\n";
  for (const std::string& item : items) text += "- " + markdown_escaped(item) + "\n";
  return text;
}

std::string figures_section(const RunComparison& comparison, ChangeVerdict verdict,
                            const std::string& title, bool is_folded) {
  const std::vector<FigureChange> figures = figures_with(comparison, verdict);
  if (figures.empty()) return {};
  const std::string rows = figure_rows(figures);
  const std::string full_title = title + ": " + std::to_string(figures.size());
  return is_folded ? "\n" + markdown_details(full_title, rows)
                   : "\n### " + full_title + "\n\n" + rows;
}

std::string verdict_line(const RunComparison& comparison) {
  if (!comparison.no_verdict.empty()) return "➖ no verdict";
  return comparison.has_regression() ? "❌ worse" : "✅ no regression";
}

}  // namespace

std::string comparison_markdown(const RunComparison& comparison) {
  std::string text = "## " + verdict_line(comparison) + ": " + markdown_escaped(comparison.b) +
                     " against " + markdown_escaped(comparison.a) + "\n\n";
  text += comparison.no_verdict.empty()
              ? markdown_escaped(headline_text(comparison) + " In all: " + tally_text(comparison) +
                                 ".") +
                    "\n"
              : markdown_escaped("No verdict: " + comparison.no_verdict + ".") + "\n";
  text += bullets("Not alike", comparison.unlike) + bullets("New errors", comparison.new_errors);
  const bool is_bare = !comparison.no_verdict.empty();
  text += figures_section(comparison, ChangeVerdict::worse, "Worse", false) +
          figures_section(comparison, ChangeVerdict::better, "Better", false) +
          figures_section(comparison, ChangeVerdict::alike, "No difference", true) +
          figures_section(comparison, ChangeVerdict::unjudged, "Not judged", !is_bare);
  if (!is_bare) text += "\n" + markdown_escaped(method_text(comparison)) + "\n";
  return text;
}

}  // namespace loader
