#include <algorithm>
#include <string_view>

#include "loader/prove/proof_html_parts.h"
#include "loader/prove/proof_sentences.h"
#include "loader/prove/size_axis.h"
#include "loader/summary/html_text.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

constexpr double kStripWidth = 220;
constexpr double kStripHeight = 30;

std::string boundary_strip(const FamilyProof& family) {
  const auto x = [&](double size) {
    return 4 + (kStripWidth - 8) * axis_position(family.family, size);
  };
  const double end = family.family.range.back();
  const SizeEstimate& half = family.boundary.half;
  const SizeEstimate& most = family.boundary.most;
  constexpr double kY = 10;
  std::string svg = svg_line({4, kY}, {kStripWidth - 4, kY}, "axis");
  const auto interval = [&](const SizeEstimate& each, std::string_view css) {
    if (!each.low && !each.high) return;
    const double low = each.low ? x(*each.low) : x(family.family.range.front());
    const double high = each.high ? x(*each.high) : x(end);
    svg += svg_rectangle({low, kY - 5}, {std::max(high, low + 1), kY + 5}, css);
  };
  interval(most, "band most");
  interval(half, "band");
  svg += svg_line({x(family.family.reference), 1}, {x(family.family.reference), 20}, "reference");
  if (most.size) svg += svg_circle({x(*most.size), kY}, 3.5, "dot open");
  if (half.size) svg += svg_circle({x(*half.size), kY}, 3.5, "dot");
  svg += svg_text({4, kStripHeight - 1}, "start", "tick",
                  family.family.size_text(family.family.range.front()));
  svg += svg_text({kStripWidth - 4, kStripHeight - 1}, "end", "tick", family.family.size_text(end));
  return "<div class=\"strip\">" +
         svg_picture({kStripWidth, kStripHeight}, boundary_text(family), svg) + "</div>";
}

std::string estimate_cell(const FamilyProof& family, const SizeEstimate& estimate) {
  const std::string interval = interval_text(family, estimate);
  std::string html = html_escaped(size_text(family, estimate));
  if (!interval.empty()) html += "<div class=\"sub\">" + html_escaped(interval) + "</div>";
  return html;
}

}  // namespace

std::string boundary_text(const FamilyProof& family) {
  return family.name +
         ": noticed by half of the seeds: " + size_text(family, family.boundary.half) +
         "; by 95%: " + size_text(family, family.boundary.most) +
         "; reference: " + reference_text(family);
}

std::string boundaries_html(const Proof& proof) {
  HtmlTable table({"Family", "From mild to severe", "#Half of the seeds", "#95% of the seeds",
                   "#Reference", "Noticed first by"},
                  "rows");
  for (const FamilyProof& family : proof.families) {
    if (!family.is_known()) continue;
    const ThresholdProof* const first = first_to_notice(proof, family);
    table.add({text_cell(family.name),
               {family.family.has_size() ? boundary_strip(family) : std::string()},
               {estimate_cell(family, family.boundary.half), "n"},
               {estimate_cell(family, family.boundary.most), "n"},
               number_cell(reference_text(family)),
               {first == nullptr ? "none" : html_code(threshold_text(*first)), "name"}});
  }
  const std::string rows = table.html();
  if (rows.empty()) return {};
  return "<p class=\"sub\">The smallest size that half of the seeds notice (full dot) and that 95% "
         "notice (ring), each with its interval; the dashed line is the reference size.</p>\n" +
         rows;
}

}  // namespace loader
