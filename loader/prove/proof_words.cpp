#include "loader/prove/proof_words.h"

#include <cmath>
#include <cstdio>
#include <utility>

namespace loader {

std::string_view to_string(ThresholdFinding finding) {
  switch (finding) {
    case ThresholdFinding::sound:
      return "sound";
    case ThresholdFinding::no_data:
      return "no data";
    case ThresholdFinding::cannot_go_red:
      return "cannot go red";
    case ThresholdFinding::hair_trigger:
      return "hair-trigger";
    case ThresholdFinding::not_tried:
      return "not tried";
  }
  return {};
}

std::string plain_number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, std::abs(value) >= 1000 ? "%.0f" : "%.4g", value);
  return text;
}

std::string score_text(const Proof& proof) {
  std::string text = std::to_string(proof.noticed()) + " of " + std::to_string(proof.asked()) +
                     " families noticed";
  if (const auto score = proof.score()) {
    char percent[24];
    std::snprintf(percent, sizeof percent, " (%.1f %%)", *score);
    text += percent;
  }
  return text;
}

std::string estimate_text(const MutantFamily& family, const SizeEstimate& estimate) {
  if (!estimate.size) return "never";
  std::string text = family.size_text(*estimate.size);
  std::string low = estimate.low ? family.size_text(*estimate.low) : "?";
  std::string high = estimate.high ? family.size_text(*estimate.high) : "?";
  if (low == text && high == text) return text;
  if (family.range.front() > family.range.back()) std::swap(low, high);
  if (low.ends_with(family.unit)) low.resize(low.size() - family.unit.size());
  return text + " (" + low + " to " + high + ")";
}

}  // namespace loader
