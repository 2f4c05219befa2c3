#include "loader/prove/proof_junit.h"

#include <utility>
#include <vector>

#include "loader/prove/proof_sentences.h"
#include "loader/prove/proof_words.h"
#include "loader/summary/junit_suite.h"

namespace loader {
namespace {

JunitCase threshold_case(const Proof& proof, const ThresholdProof& threshold) {
  JunitCase test{.class_name = threshold.metric, .name = threshold.expression};
  const std::vector<std::string> more = remarks(proof, threshold);
  if (is_objectionable(threshold)) {
    test.body = junit_failure(std::string(to_string(threshold.finding)) + ": " + threshold.reason,
                              "threshold", more);
  } else if (threshold.finding == ThresholdFinding::not_tried) {
    test.body = junit_skipped(threshold.reason);
  } else if (!more.empty()) {
    test.body = junit_output(more);
  }
  return test;
}

std::vector<std::string> survivor_lines(const FamilyProof& family) {
  std::vector<std::string> lines{family.family.breaks};
  if (family.suggestions.empty()) {
    lines.emplace_back("No value of the run differs enough from those of sound runs.");
  }
  for (const SuggestedThreshold& each : family.suggestions) {
    lines.push_back("Would have caught it: " + each.metric + ": " + each.expression + " (" +
                    evidence_text(each) + ")");
  }
  if (!family.command.empty()) lines.push_back("To repeat it: " + family.command);
  return lines;
}

std::string noticed_line(const Proof& proof, const FamilyProof& family) {
  std::string line = survival_text(family);
  if (const ThresholdProof* const first = first_to_notice(proof, family)) {
    line += "; first by " + threshold_text(*first);
  }
  return line;
}

JunitCase family_case(const Proof& proof, const FamilyProof& family) {
  JunitCase test{.class_name = "mutants", .name = family.name};
  if (!family.is_asked()) {
    test.body = junit_skipped(family.not_asked);
  } else if (!family.is_known()) {
    test.body = junit_error(family.not_run, "not run");
  } else if (family.is_survivor()) {
    test.body = junit_failure(survival_text(family), "survivor", survivor_lines(family));
  } else {
    test.body = junit_output({noticed_line(proof, family)});
  }
  return test;
}

}  // namespace

std::string proof_junit(const Proof& proof) {
  JunitSuite thresholds{.name = proof.suite + " thresholds", .cases = {}};
  for (const ThresholdProof& each : proof.thresholds) {
    thresholds.cases.push_back(threshold_case(proof, each));
  }
  JunitSuite mutants{.name = proof.suite + " mutants", .cases = {}};
  for (const FamilyProof& each : proof.families) {
    mutants.cases.push_back(family_case(proof, each));
  }
  mutants.properties = {{"effort", effort_text(proof)}, {"mutation score", score_text(proof)}};
  return junit_document({std::move(thresholds), std::move(mutants)});
}

}  // namespace loader
