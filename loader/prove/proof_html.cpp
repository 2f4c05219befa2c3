#include "loader/prove/proof_html.h"

#include <string_view>

#include "loader/prove/proof_html_parts.h"
#include "loader/prove/proof_html_style.h"
#include "loader/prove/proof_sentences.h"
#include "loader/summary/html_style.h"
#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

std::string page_header(const Proof& proof) {
  const bool holds = proof.holds();
  std::string html = "<header>\n<h1>" + html_escaped(proof.suite) +
                     ": proof of its thresholds</h1>\n" +
                     html_pill(holds ? "Holds" : "Fails", holds ? "good" : "bad") + "\n";
  if (proof.is_interrupted) html += html_pill("Interrupted", "none") + "\n";
  html += "<div class=\"sub\">" + html_escaped(effort_text(proof)) + "</div>\n</header>\n";
  std::string items;
  for (const std::string& each : objections(proof))
    items += "<li>" + html_escaped(each) + "</li>\n";
  for (const std::string& each : proof.errors) {
    items += "<li>" + html_escaped("not run: " + each) + "</li>\n";
  }
  return items.empty() ? html : html + "<ul class=\"errors\">\n" + items + "</ul>\n";
}

std::string page_tiles(const Proof& proof) {
  std::size_t unsound = 0;
  for (const ThresholdProof& each : proof.thresholds) {
    if (is_objectionable(each)) ++unsound;
  }
  const std::string score =
      proof.asked() == 0 ? "none" : percent_text(proof.noticed(), proof.asked());
  return "<div class=\"tiles\">\n" + html_tile("mutation score", score) +
         html_tile("families noticed",
                   std::to_string(proof.noticed()) + " of " + std::to_string(proof.asked())) +
         html_tile("thresholds with findings",
                   std::to_string(unsound) + " of " + std::to_string(proof.thresholds.size())) +
         html_tile("runs", std::to_string(proof.runs)) +
         html_tile("simulated time", format_milliseconds(proof.virtual_seconds * 1000, "")) +
         "</div>\n";
}

std::string page_footer() {
  return "<footer>A family is a way of going wrong; a mutant, a family at a size. It is noticed "
         "where a threshold goes red that is green without it, in at least 95% of the runs at the "
         "reference size: that at which a careful team would want to know. A survivor is noticed "
         "in fewer.</footer>\n";
}

}  // namespace

std::string threshold_mark(std::size_t place) { return "#" + std::to_string(place + 1); }

std::string html_code(std::string_view text) { return "<code>" + html_escaped(text) + "</code>"; }

std::string proof_html(const Proof& proof) {
  const std::string style = std::string(kHtmlStyle) + std::string(kProofHtmlStyle);
  return html_page(proof.suite + ": proof of its thresholds", style,
                   page_header(proof) + page_tiles(proof) +
                       html_section("Survivors", survivors_html(proof)) +
                       html_section("Thresholds", thresholds_html(proof)) +
                       html_section("Which threshold notices what", matrix_html(proof)) +
                       html_section("From which size on", boundaries_html(proof)) +
                       html_section("How sure to be noticed", curves_html(proof)) + page_footer());
}

}  // namespace loader
