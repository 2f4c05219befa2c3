// What reports say of a proof in whole sentences, the same in all of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/prove/proof.h"

namespace loader {

/// "http_req_failed: rate<0.05".
[[nodiscard]] std::string threshold_text(const ThresholdProof& threshold);
/// "0.01", or "0.01 to 0.02" where they differ.
[[nodiscard]] std::string value_range_text(double low, double high);
/// Whether what was found about a threshold speaks against the proof.
[[nodiscard]] bool is_objectionable(const ThresholdProof& threshold);
/// Of `hits` of `trials`, whole percents that never say all or none where it is not so: "99%".
[[nodiscard]] std::string percent_text(std::uint64_t hits, std::uint64_t trials);

/// Why a proof does not hold, a sentence each; empty if it does.
[[nodiscard]] std::vector<std::string> objections(const Proof& proof);
/// "gateway healthy, network lan, seeds 1 to 20, 1234 runs, 2h0m5s of simulated time".
[[nodiscard]] std::string effort_text(const Proof& proof);

/// The reference size, "20%"; empty where there are no sizes.
[[nodiscard]] std::string reference_text(const FamilyProof& family);
/// "20%", or "not even at 100%" where no size within the range is.
[[nodiscard]] std::string size_text(const FamilyProof& family, const SizeEstimate& estimate);
/// "18 to 22%, 94% sure", "from 18%, …"; empty where neither end is known.
[[nodiscard]] std::string interval_text(const FamilyProof& family, const SizeEstimate& estimate);
/// "noticed in 3 of 20 runs at its reference size of 20%; in half of the seeds from 45% on".
[[nodiscard]] std::string survival_text(const FamilyProof& family);
/// "rate is 0 to 0.01 without it and 0.2 to 0.25 with it; green in all of 40 runs without it".
[[nodiscard]] std::string evidence_text(const SuggestedThreshold& suggestion);
/// "These thresholds would have caught 3 of the 4 survivors, and are green without a mutant:".
[[nodiscard]] std::string suggestions_text(const Proof& proof);
/// What a report says of a threshold besides its finding: what makes it redundant, what lowers it.
[[nodiscard]] std::vector<std::string> remarks(const Proof& proof, const ThresholdProof& threshold);
/// The threshold that notices a family at the mildest size; null if there is none.
[[nodiscard]] const ThresholdProof* first_to_notice(const Proof& proof, const FamilyProof& family);

}  // namespace loader
