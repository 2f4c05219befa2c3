#include "loader/prove/proof.h"

#include <algorithm>

namespace loader {

std::uint64_t Proof::asked() const {
  return static_cast<std::uint64_t>(
      std::count_if(families.begin(), families.end(),
                    [](const FamilyProof& family) { return family.is_known(); }));
}

std::uint64_t Proof::noticed() const {
  return static_cast<std::uint64_t>(std::count_if(
      families.begin(), families.end(),
      [](const FamilyProof& family) { return family.is_known() && family.is_noticed(); }));
}

std::optional<double> Proof::score() const {
  if (asked() == 0) return std::nullopt;
  return 100.0 * static_cast<double>(noticed()) / static_cast<double>(asked());
}

bool Proof::holds() const {
  const bool is_sound =
      std::all_of(thresholds.begin(), thresholds.end(), [](const ThresholdProof& threshold) {
        return threshold.finding == ThresholdFinding::sound ||
               threshold.finding == ThresholdFinding::not_tried;
      });
  return is_sound && score().value_or(100) >= min_score;
}

std::vector<const FamilyProof*> survivors(const Proof& proof) {
  std::vector<const FamilyProof*> result;
  for (const FamilyProof& family : proof.families) {
    if (family.is_survivor()) result.push_back(&family);
  }
  const auto share = [](const FamilyProof* family) {
    return static_cast<double>(family->noticed) / static_cast<double>(family->reference_runs);
  };
  std::stable_sort(result.begin(), result.end(),
                   [&share](const FamilyProof* a, const FamilyProof* b) {
                     // What is noticed at no size is worse than what is noticed too late.
                     const bool never_a = a->boundary.found == 0;
                     const bool never_b = b->boundary.found == 0;
                     if (never_a != never_b) return never_a;
                     return share(a) < share(b);
                   });
  return result;
}

}  // namespace loader
