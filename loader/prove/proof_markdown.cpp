#include "loader/prove/proof_markdown.h"

#include <vector>

#include "loader/prove/proof_sentences.h"
#include "loader/prove/proof_words.h"
#include "loader/prove/suggested_options.h"
#include "loader/summary/markdown_text.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

std::string list_item(const std::string& markup) { return "- " + markup + "\n"; }

std::string markdown_headline(const Proof& proof) {
  const bool holds = proof.holds();
  std::string text = "## " + std::string(holds ? "✅ " : "❌ ") + markdown_escaped(proof.suite) +
                     ": " + markdown_escaped(score_text(proof)) + "\n\n";
  if (proof.is_interrupted) {
    text += "**Interrupted**: what was not run is not in the score.\n\n";
  }
  for (const std::string& each : objections(proof)) text += list_item(markdown_escaped(each));
  for (const std::string& each : proof.errors) {
    text += list_item("not run: " + markdown_escaped(each));
  }
  return text;
}

// ---- Thresholds

std::string finding_text(const Proof& proof, const ThresholdProof& threshold) {
  std::string text(to_string(threshold.finding));
  if (is_objectionable(threshold)) text = "❌ **" + text + "**";
  if (!threshold.reason.empty()) text += ": " + markdown_escaped(threshold.reason);
  for (const std::string& each : remarks(proof, threshold)) {
    text += "<br>" + markdown_escaped(each);
  }
  return text;
}

std::string threshold_table(const Proof& proof) {
  MarkdownTable table({"Threshold", "Finding", "#Red without a mutant", "#Families noticed"});
  for (const ThresholdProof& each : proof.thresholds) {
    table.add({markdown_code(threshold_text(each)), finding_text(proof, each),
               std::to_string(each.control_red) + " of " + std::to_string(each.control_runs),
               std::to_string(each.kills)});
  }
  const std::string rows = table.markdown();
  return rows.empty() ? rows : "\n### Thresholds\n\n" + rows;
}

// ---- Survivors

std::string survivor_details(const FamilyProof& family) {
  std::string text;
  for (const SuggestedThreshold& each : family.suggestions) {
    text += list_item(markdown_code(each.metric + ": " + each.expression) + ": " +
                      markdown_escaped(evidence_text(each)));
  }
  if (!family.command.empty()) {
    text += std::string(text.empty() ? "" : "\n") + "To repeat it:\n\n" +
            markdown_block("sh", printable(family.command) + "\n");
  }
  return text.empty() ? text : markdown_details("Evidence", text);
}

std::string survivor_item(const FamilyProof& family) {
  std::string text = "\n**" + markdown_escaped(family.name) +
                     "**: " + markdown_escaped(family.family.breaks) + " It is " +
                     markdown_escaped(survival_text(family)) + ".\n";
  if (family.suggestions.empty()) {
    text += "No value of the runs differs enough from those of sound runs.\n";
  } else {
    const SuggestedThreshold& best = family.suggestions.front();
    text += "Would have caught it: " + markdown_code(best.metric + ": " + best.expression) + "\n";
  }
  const std::string details = survivor_details(family);
  return details.empty() ? text : text + "\n" + details;
}

std::string survivor_items(const Proof& proof) {
  const std::vector<const FamilyProof*> all = survivors(proof);
  if (all.empty()) return {};
  std::string text = "\n### Survivors\n";
  const ThresholdsByMetric suggested = by_metric(best_suggestions(proof));
  if (!suggested.empty()) {
    text += "\n" + suggestions_text(proof) + "\n\n" +
            markdown_block("json", suite_json(suggested)) + "\n" +
            markdown_details("The same as k6 options", markdown_block("js", k6_options(suggested)));
  }
  for (const FamilyProof* family : all) text += survivor_item(*family);
  return text;
}

// ---- Families

std::string with_interval(const FamilyProof& family, const SizeEstimate& estimate) {
  const std::string interval = interval_text(family, estimate);
  const std::string size = markdown_escaped(size_text(family, estimate));
  return interval.empty() ? size : size + " (" + markdown_escaped(interval) + ")";
}

std::string noticed_share(const FamilyProof& family) {
  const std::string share = percent_text(family.noticed, family.reference_runs);
  return family.is_survivor() ? "❌ **" + share + "**" : share;
}

std::string family_tables(const Proof& proof) {
  MarkdownTable known({"Family", "#Reference", "#Noticed there", "First by", "Half of the seeds",
                       "95% of the seeds"});
  MarkdownTable others({"Family", "Why it was not tried"});
  for (const FamilyProof& each : proof.families) {
    const std::string name = markdown_escaped(each.name);
    if (!each.is_known()) {
      others.add({name, markdown_escaped(each.is_asked() ? "not run: " + each.not_run
                                                         : "not asked: " + each.not_asked)});
      continue;
    }
    const ThresholdProof* const first = first_to_notice(proof, each);
    known.add({name, markdown_escaped(reference_text(each)), noticed_share(each),
               first == nullptr ? "none" : markdown_code(threshold_text(*first)),
               with_interval(each, each.boundary.half), with_interval(each, each.boundary.most)});
  }
  std::string text;
  if (const std::string rows = known.markdown(); !rows.empty()) {
    text += "\n" + markdown_details("From which size on each family is noticed", rows);
  }
  if (const std::string rows = others.markdown(); !rows.empty()) {
    text += "\n" + markdown_details("Families that were not tried", rows);
  }
  return text;
}

std::string markdown_footer(const Proof& proof) {
  return "\n" + markdown_escaped("Proven with " + effort_text(proof) + ".") + "\n";
}

}  // namespace

std::string proof_markdown(const Proof& proof) {
  return markdown_headline(proof) + threshold_table(proof) + survivor_items(proof) +
         family_tables(proof) + markdown_footer(proof);
}

}  // namespace loader
