#include <algorithm>
#include <string_view>
#include <vector>

#include "loader/prove/proof_html_parts.h"
#include "loader/prove/proof_sentences.h"
#include "loader/prove/suggested_options.h"
#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

// Lines keep their breaks, which html_escaped() would make visible.
std::string code_block(std::string_view lines) {
  std::string html = "<pre><code>";
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    html += html_escaped(lines.substr(0, end)) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return html + "</code></pre>\n";
}

std::string folded(std::string_view title, const std::string& content) {
  return "<details><summary>" + html_escaped(title) + "</summary>\n" + content + "</details>\n";
}

std::string suggestion_list(const FamilyProof& family) {
  if (family.suggestions.empty()) {
    return "<p class=\"sub\">No value of the runs differs enough from those of sound runs.</p>\n";
  }
  std::string html = "<h3>Would have caught it</h3>\n<ul class=\"plain\">\n";
  for (const SuggestedThreshold& each : family.suggestions) {
    html += "<li>" + html_code(each.metric + ": " + each.expression) + "<br><span class=\"sub\">" +
            html_escaped(evidence_text(each)) + "</span></li>\n";
  }
  const ThresholdsByMetric best = by_metric({family.suggestions.front()});
  return html + "</ul>\n" + folded("The first, as suite JSON", code_block(suite_json(best))) +
         folded("The first, as k6 options", code_block(k6_options(best)));
}

std::string survivor_article(const FamilyProof& family) {
  std::string html =
      "<article>\n<h4>" + html_escaped(family.name) + " " +
      html_pill(percent_text(family.noticed, family.reference_runs) + " noticed", "bad") +
      "</h4>\n<p>" + html_escaped(family.family.breaks) + "</p>\n";
  html += "<p>It is " + html_escaped(survival_text(family)) + ".</p>\n" + suggestion_list(family);
  if (family.command.empty()) return html + "</article>\n";
  return html + "<h3>To repeat it</h3>\n" + code_block(family.command) + "</article>\n";
}

}  // namespace

std::string survivors_html(const Proof& proof) {
  const std::vector<const FamilyProof*> all = survivors(proof);
  if (all.empty()) return {};
  std::string html;
  const ThresholdsByMetric suggested = by_metric(best_suggestions(proof));
  if (!suggested.empty()) {
    html += "<p>" + suggestions_text(proof) +
            "</p>\n<div class=\"two\">\n<div><h3>Suite JSON</h3>\n" +
            code_block(suite_json(suggested)) + "</div>\n<div><h3>k6 options</h3>\n" +
            code_block(k6_options(suggested)) + "</div>\n</div>\n";
  }
  html += "<div class=\"articles\">\n";
  for (const FamilyProof* family : all) html += survivor_article(*family);
  return html + "</div>\n";
}

}  // namespace loader
