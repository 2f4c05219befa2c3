#include <optional>
#include <string_view>
#include <vector>

#include "loader/prove/proof_html_parts.h"
#include "loader/prove/proof_sentences.h"
#include "loader/prove/proof_words.h"
#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

std::string_view finding_css(ThresholdFinding finding) {
  switch (finding) {
    case ThresholdFinding::sound:
      return "good";
    case ThresholdFinding::no_data:
    case ThresholdFinding::not_tried:
      return "none";
    case ThresholdFinding::cannot_go_red:
    case ThresholdFinding::hair_trigger:
      break;
  }
  return "bad";
}

std::string finding_html(const Proof& proof, const ThresholdProof& threshold) {
  std::string html = html_pill(to_string(threshold.finding), finding_css(threshold.finding));
  if (!threshold.reason.empty()) html += "<div>" + html_escaped(threshold.reason) + "</div>";
  for (const std::string& each : remarks(proof, threshold)) {
    html += "<div class=\"remark\">" + html_escaped(each) + "</div>";
  }
  return html;
}

// "0 of 40 (up to 9%)": how often it is red though nothing is wrong.
std::string control_html(const ThresholdProof& threshold) {
  const auto percent = [](double share) { return format_fixed(100 * share, 0) + "%"; };
  const Interval& interval = threshold.control_red_interval;
  std::string html = std::to_string(threshold.control_red) + " of " +
                     std::to_string(threshold.control_runs) + "<div class=\"sub\">" +
                     html_escaped(percent(interval.low) + " to " + percent(interval.high)) +
                     "</div>";
  if (threshold.control_no_data > 0) {
    html +=
        "<div class=\"sub\">" + std::to_string(threshold.control_no_data) + " without data</div>";
  }
  return html;
}

std::string worst_html(const std::optional<double>& observed, const std::string& where) {
  if (!observed) return "–";
  std::string html = html_escaped(plain_number(*observed));
  if (!where.empty()) html += "<div class=\"sub\">" + html_escaped(where) + "</div>";
  return html;
}

// The families that it notices in half of the seeds, each with the size from which on.
std::string kills_html(const Proof& proof, std::size_t place) {
  std::string items;
  std::size_t count = 0;
  for (const FamilyProof& family : proof.families) {
    if (!family.is_known() || family.cells.size() <= place) continue;
    const SizeEstimate& half = family.cells[place].boundary.half;
    if (!half.size) continue;
    ++count;
    items += "<li>" + html_escaped(family.name);
    if (family.family.has_size()) items += " from " + html_escaped(size_text(family, half));
    items += "</li>";
  }
  if (count == 0) return "none";
  return "<details><summary>" + std::to_string(count) + (count == 1 ? " family" : " families") +
         ", " + std::to_string(proof.thresholds[place].kills) +
         " at the reference size</summary><ul class=\"plain\">" + items + "</ul></details>";
}

}  // namespace

std::string thresholds_html(const Proof& proof) {
  HtmlTable table({"", "Threshold", "Finding", "#Red without a mutant", "#Worst value without one",
                   "#Worst value with one", "Notices in half of the seeds"},
                  "rows");
  for (std::size_t t = 0; t < proof.thresholds.size(); ++t) {
    const ThresholdProof& each = proof.thresholds[t];
    table.add({{threshold_mark(t), "mark"},
               {html_code(threshold_text(each)), "name"},
               {finding_html(proof, each)},
               {control_html(each), "n"},
               {worst_html(each.sound_worst, ""), "n"},
               {worst_html(each.worst, each.worst_mutant), "n"},
               {kills_html(proof, t), "notices"}});
  }
  return table.html();
}

}  // namespace loader
