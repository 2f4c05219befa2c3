#include <algorithm>
#include <string_view>
#include <vector>

#include "loader/prove/proof_html_parts.h"
#include "loader/prove/proof_sentences.h"
#include "loader/summary/html_text.h"

namespace loader {
namespace {

// One of eleven shades, h0 to h10; only all is the last one, and only none the first.
std::string shade(std::uint64_t hits, std::uint64_t trials) {
  if (trials == 0 || hits == 0) return "h0";
  if (hits == trials) return "h10";
  return "h" + std::to_string(std::clamp<std::uint64_t>(10 * hits / trials, 1, 9));
}

struct MatrixCell {
  std::uint64_t red = 0;
  std::string title;  ///< What is said of it where there is room.
};

std::string cell_html(const MatrixCell& cell, const FamilyProof& family) {
  std::string text = percent_text(cell.red, family.reference_runs);
  text.pop_back();  // The heading says that they are percents.
  const std::string size = reference_text(family);
  const std::string title = family.name + (size.empty() ? "" : ", " + size) + ": " + cell.title +
                            " in " + std::to_string(cell.red) + " of " +
                            std::to_string(family.reference_runs) + " runs";
  return "<td class=\"" + shade(cell.red, family.reference_runs) + "\" title=\"" +
         html_escaped(title) + "\">" + text + "</td>";
}

bool ends_otherwise(const Proof& proof) {
  return std::any_of(proof.families.begin(), proof.families.end(),
                     [](const FamilyProof& each) { return each.failed_otherwise > 0; });
}

std::string name_cell(const FamilyProof& family) {
  const bool is_survivor = family.is_survivor();
  return "<th scope=\"row\"" + std::string(is_survivor ? " class=\"why\"" : "") + " title=\"" +
         html_escaped(family.family.breaks) + "\">" + html_escaped(family.name) +
         (is_survivor ? " <i>survives</i>" : "") + "</th>";
}

std::string matrix_row(const Proof& proof, const FamilyProof& family, bool has_other_ends) {
  std::string html = "<tr>" + name_cell(family);
  if (!family.is_known()) {
    const std::size_t columns = proof.thresholds.size() + (has_other_ends ? 3 : 2);
    const std::string why =
        family.is_asked() ? "not run: " + family.not_run : "not asked: " + family.not_asked;
    return html + "<td class=\"unasked\" colspan=\"" + std::to_string(columns) + "\">" +
           html_escaped(why) + "</td></tr>\n";
  }
  html += "<td class=\"size\">" + html_escaped(reference_text(family)) + "</td>" +
          cell_html({family.noticed, "noticed"}, family);
  for (std::size_t t = 0; t < family.cells.size(); ++t) {
    html += cell_html(
        {family.cells[t].red_at_reference, threshold_text(proof.thresholds[t]) + " red"}, family);
  }
  if (has_other_ends) html += cell_html({family.failed_otherwise, "the run failed"}, family);
  return html + "</tr>\n";
}

std::string matrix_head(const Proof& proof, bool has_other_ends) {
  std::string html =
      "<tr><th>Family</th><th class=\"size\">Reference</th><th class=\"mark\">Noticed</th>";
  for (std::size_t t = 0; t < proof.thresholds.size(); ++t) {
    html += "<th class=\"mark\" title=\"" + html_escaped(threshold_text(proof.thresholds[t])) +
            "\">" + threshold_mark(t) + "</th>";
  }
  if (has_other_ends) html += "<th class=\"mark\">Ends</th>";
  return html + "</tr>";
}

std::string matrix_legend(const Proof& proof, bool has_other_ends) {
  std::string html =
      "<p class=\"sub\">Percent of the runs at the reference size in which the "
      "threshold is red: <span class=\"key h0\">0</span> "
      "<span class=\"key h5\">50</span> <span class=\"key h10\">100</span>";
  for (std::size_t t = 0; t < proof.thresholds.size(); ++t) {
    html +=
        "<br><b>" + threshold_mark(t) + "</b> " + html_code(threshold_text(proof.thresholds[t]));
  }
  if (has_other_ends) html += "<br><b>Ends</b> the run ends with an error of its own";
  return html + "</p>\n";
}

}  // namespace

std::string matrix_html(const Proof& proof) {
  if (proof.families.empty()) return {};
  const bool has_other_ends = ends_otherwise(proof);
  std::string rows;
  for (const FamilyProof& each : proof.families) rows += matrix_row(proof, each, has_other_ends);
  return matrix_legend(proof, has_other_ends) +
         "<div class=\"wide\"><table class=\"heat\">\n<thead>" +
         matrix_head(proof, has_other_ends) + "</thead>\n<tbody>\n" + rows +
         "</tbody>\n</table></div>\n";
}

}  // namespace loader
