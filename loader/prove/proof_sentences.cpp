#include "loader/prove/proof_sentences.h"
#include "loader/prove/proof_words.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "loader/summary/summary_format.h"

namespace loader {
namespace {

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::size_t count_of(const Proof& proof, ThresholdFinding finding) {
  return static_cast<std::size_t>(
      std::count_if(proof.thresholds.begin(), proof.thresholds.end(),
                    [finding](const ThresholdProof& each) { return each.finding == finding; }));
}

// The most severe one of a family that has sizes.
std::string last_size_text(const MutantFamily& family) {
  return family.size_text(family.range.back());
}

}  // namespace

std::string threshold_text(const ThresholdProof& threshold) {
  return threshold.metric + ": " + threshold.expression;
}

std::string value_range_text(double low, double high) {
  const std::string from = plain_number(low);
  const std::string to = plain_number(high);
  return from == to ? from : from + " to " + to;
}

std::string percent_text(std::uint64_t hits, std::uint64_t trials) {
  if (trials == 0) return "0%";
  const double percent = 100.0 * static_cast<double>(hits) / static_cast<double>(trials);
  const double low = hits == 0 ? 0 : 1;
  const double high = hits == trials ? 100 : 99;
  return format_fixed(std::clamp(std::round(percent), low, high), 0) + "%";
}

bool is_objectionable(const ThresholdProof& threshold) {
  return threshold.finding != ThresholdFinding::sound &&
         threshold.finding != ThresholdFinding::not_tried;
}

std::vector<std::string> objections(const Proof& proof) {
  std::vector<std::string> all;
  const auto object = [&](ThresholdFinding finding, std::string_view one, std::string_view many) {
    const std::size_t count = count_of(proof, finding);
    if (count > 0) all.push_back(counted(count, one, many));
  };
  object(ThresholdFinding::cannot_go_red, "threshold cannot go red", "thresholds cannot go red");
  object(ThresholdFinding::hair_trigger, "threshold is red without any mutant",
         "thresholds are red without any mutant");
  object(ThresholdFinding::no_data, "threshold has no data", "thresholds have no data");
  const auto score = proof.score();
  if (score && *score < proof.min_score) {
    all.push_back("the mutation score is below the minimum of " + plain_number(proof.min_score) +
                  "%");
  }
  return all;
}

std::string effort_text(const Proof& proof) {
  std::string text = "gateway " + proof.gateway;
  if (!proof.network.empty()) text += ", network " + proof.network;
  if (proof.seeds <= 1) {
    text += ", seed " + std::to_string(proof.seed);
  } else {
    text += ", seeds " + std::to_string(proof.seed) + " to " +
            std::to_string(proof.seed + proof.seeds - 1);
  }
  return text + ", " + counted(proof.runs, "run", "runs") + ", " +
         format_milliseconds(proof.virtual_seconds * 1000, "") + " of simulated time";
}

std::string reference_text(const FamilyProof& family) {
  return family.family.size_text(family.family.reference);
}

std::string size_text(const FamilyProof& family, const SizeEstimate& estimate) {
  if (!family.family.has_size()) return estimate.size ? "noticed" : "not noticed";
  if (!estimate.size) return "not even at " + last_size_text(family.family);
  return family.family.size_text(*estimate.size);
}

std::string interval_text(const FamilyProof& family, const SizeEstimate& estimate) {
  if (!family.family.has_size() || (!estimate.low && !estimate.high)) return {};
  const auto size = [&family](double value) { return family.family.size_text(value); };
  const std::string sure = ", " + format_fixed(std::floor(estimate.confidence * 100), 0) + "% sure";
  if (!estimate.high) return "from " + size(*estimate.low) + sure;
  if (!estimate.low) return "up to " + size(*estimate.high) + sure;
  std::string low = size(*estimate.low);
  low.resize(low.size() - family.family.unit.size());
  return low + " to " + size(*estimate.high) + sure;
}

std::string survival_text(const FamilyProof& family) {
  std::string text = "noticed in " + std::to_string(family.noticed) + " of " +
                     counted(family.reference_runs, "run", "runs");
  if (!family.family.has_size()) return text;
  text += " at its reference size of " + reference_text(family) + "; ";
  const Boundary& boundary = family.boundary;
  if (boundary.found == 0) return text + "not even at " + last_size_text(family.family);
  if (!boundary.half.size) {
    return text + "at " + last_size_text(family.family) + " in " + std::to_string(boundary.found) +
           " of " + counted(boundary.seeds, "seed", "seeds");
  }
  return text + "in half of the seeds from " + size_text(family, boundary.half) + " on";
}

std::string evidence_text(const SuggestedThreshold& suggestion) {
  const std::size_t end = suggestion.expression.find_first_of("<>=!");
  return suggestion.expression.substr(0, end) + " is " +
         value_range_text(suggestion.sound_low, suggestion.sound_high) + " without it and " +
         value_range_text(suggestion.mutant_low, suggestion.mutant_high) +
         " with it; green in all of " +
         counted(suggestion.control_runs, "run without it", "runs without it");
}

std::string suggestions_text(const Proof& proof) {
  const std::vector<const FamilyProof*> all = survivors(proof);
  const auto caught = std::count_if(all.begin(), all.end(), [](const FamilyProof* family) {
    return !family->suggestions.empty();
  });
  return "These thresholds would have caught " + std::to_string(caught) + " of the " +
         counted(all.size(), "survivor", "survivors") + ", and are green without a mutant:";
}

std::vector<std::string> remarks(const Proof& proof, const ThresholdProof& threshold) {
  std::vector<std::string> all;
  if (threshold.redundant_with) {
    all.push_back("redundant: " + threshold_text(proof.thresholds[*threshold.redundant_with]) +
                  " is red whenever it is");
  }
  if (!threshold.lowered_by.empty()) {
    std::string names;
    for (const std::string& name : threshold.lowered_by) {
      names += (names.empty() ? "" : ", ") + name;
    }
    all.push_back("misleading: its value gets better under " + names);
  }
  return all;
}

const ThresholdProof* first_to_notice(const Proof& proof, const FamilyProof& family) {
  if (family.notice_order.empty()) return nullptr;
  return &proof.thresholds[family.notice_order.front()];
}

}  // namespace loader
