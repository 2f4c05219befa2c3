#include "loader/prove/proof_sentences.h"
#include "loader/prove/proof_words.h"

#include <gtest/gtest.h>

#include "example_proof.h"

namespace loader {
namespace {

TEST(ProofSentences, ARangeOfOneValueIsThatValue) {
  EXPECT_EQ(value_range_text(1, 1), "1");
  EXPECT_EQ(value_range_text(0.5, 12), "0.5 to 12");
}

TEST(ProofSentences, APercentIsNeverAllNorNoneIfItIsNot) {
  EXPECT_EQ(percent_text(0, 0), "0%");
  EXPECT_EQ(percent_text(0, 300), "0%");
  EXPECT_EQ(percent_text(1, 300), "1%");
  EXPECT_EQ(percent_text(2, 3), "67%");
  EXPECT_EQ(percent_text(299, 300), "99%");
  EXPECT_EQ(percent_text(300, 300), "100%");
}

TEST(ProofSentences, ObjectionsAreWhyAProofDoesNotHold) {
  EXPECT_TRUE(objections(holding_proof()).empty());
  const std::vector<std::string> all{
      "1 threshold cannot go red", "1 threshold is red without any mutant",
      "1 threshold has no data", "the mutation score is below the minimum of 80%"};
  EXPECT_EQ(objections(example_proof()), all);
}

TEST(ProofSentences, AThresholdThatNoChosenFamilyCrossesIsNoObjection) {
  Proof proof = holding_proof();
  proof.thresholds.front().finding = ThresholdFinding::not_tried;
  EXPECT_TRUE(objections(proof).empty());
}

TEST(ProofSentences, TheEffortIsSeedsRunsAndTime) {
  EXPECT_EQ(effort_text(example_proof()),
            "gateway healthy, network lan, seeds 1 to 10, 1184 runs, 59h12m0s of simulated time");
  Proof one = holding_proof();
  one.seeds = 1;
  one.runs = 1;
  one.network = "";
  EXPECT_EQ(effort_text(one), "gateway healthy, seed 0, 1 run, 0s of simulated time");
}

TEST(ProofSentences, AnIntervalHasTheEndsThatAreKnown) {
  const FamilyProof family = tried(percent_family("status-500"), 10, {5});
  const auto text = [&](SizeEstimate estimate) { return interval_text(family, estimate); };
  EXPECT_EQ(text({.size = 5, .low = 4, .high = 6.5, .confidence = 0.979}), "4 to 6.5%, 97% sure");
  EXPECT_EQ(text({.size = 5, .low = 4, .high = {}, .confidence = 0.9}), "from 4%, 90% sure");
  EXPECT_EQ(text({.size = 5, .low = {}, .high = 6, .confidence = 0.9}), "up to 6%, 90% sure");
  EXPECT_EQ(text({.size = 5, .low = {}, .high = {}, .confidence = 0}), "");
}

TEST(ProofSentences, ASurvivorIsNoticedTooLateOrNever) {
  const MutantFamily family = percent_family("stream-stall");
  EXPECT_EQ(survival_text(tried(family, 0, {})),
            "noticed in 0 of 10 runs at its reference size of 20%; not even at 100%");
  EXPECT_EQ(survival_text(tried(family, 0, {60, 80})),
            "noticed in 0 of 10 runs at its reference size of 20%; at 100% in 2 of 10 seeds");
  EXPECT_EQ(
      survival_text(tried(family, 1, {20, 30, 30, 40, 50, 60, 70})),
      "noticed in 1 of 10 runs at its reference size of 20%; in half of the seeds from 50% on");
  MutantFamily present;
  present.name = "one-token";
  EXPECT_EQ(survival_text(tried(present, 0, {})), "noticed in 0 of 10 runs");
}

TEST(ProofSentences, ASuggestionHasItsEvidence) {
  EXPECT_EQ(evidence_text({"http_req_failed", "rate<0.03", 0, 0.01, 0.2, 0.2, 20}),
            "rate is 0 to 0.01 without it and 0.2 with it; green in all of 20 runs without it");
  EXPECT_EQ(evidence_text({"http_req_duration", "p(95)<11000", 2, 3, 40, 50, 1}),
            "p(95) is 2 to 3 without it and 40 to 50 with it; green in all of 1 run without it");
}

TEST(ProofSentences, SaysHowManySurvivorsWouldHaveBeenCaught) {
  EXPECT_EQ(suggestions_text(example_proof()),
            "These thresholds would have caught 3 of the 4 survivors, and are green without a "
            "mutant:");
}

TEST(ProofSentences, RemarksAreWhatElseIsWrongWithAThreshold) {
  const Proof proof = example_proof();
  EXPECT_TRUE(remarks(proof, proof.thresholds[0]).empty());
  EXPECT_EQ(
      remarks(proof, proof.thresholds[1]),
      std::vector<std::string>{"misleading: its value gets better under status-500, refused"});
  EXPECT_EQ(
      remarks(proof, proof.thresholds[5]),
      std::vector<std::string>{"redundant: http_req_failed: rate<0.05 is red whenever it is"});
}

TEST(ProofSentences, TheFirstToNoticeIsThatOfTheOrder) {
  const Proof proof = example_proof();
  EXPECT_EQ(first_to_notice(proof, proof.families[2]), &proof.thresholds[4]);
  EXPECT_EQ(first_to_notice(proof, proof.families[7]), nullptr);
}

}  // namespace
}  // namespace loader
