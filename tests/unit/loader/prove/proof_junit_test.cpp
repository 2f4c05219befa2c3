#include "loader/prove/proof_junit.h"

#include <gtest/gtest.h>

#include "example_proof.h"
#include "golden.h"

namespace loader {
namespace {

TEST(ProofJunit, SaysWhatBecameOfThresholdsAndFamilies) {
  expect_golden(proof_junit(example_proof()), "prove-junit.xml");
}

TEST(ProofJunit, FailsNothingOfAProofThatHolds) {
  const std::string xml = proof_junit(holding_proof());
  EXPECT_NE(xml.find("<testsuite name=\"smoke thresholds\" tests=\"1\" failures=\"0\" "
                     "errors=\"0\" skipped=\"0\">"),
            std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<testsuite name=\"smoke mutants\" tests=\"1\" failures=\"0\" errors=\"0\" "
                     "skipped=\"0\">"),
            std::string::npos)
      << xml;
}

TEST(ProofJunit, SkipsAThresholdThatNoChosenFamilyCrosses) {
  Proof proof = holding_proof();
  proof.thresholds.front().finding = ThresholdFinding::not_tried;
  proof.thresholds.front().reason = "no chosen family crosses it";
  const std::string xml = proof_junit(proof);
  EXPECT_NE(xml.find("name=\"rate&lt;0.05\"><skipped message=\"no chosen family crosses it\"/>"),
            std::string::npos)
      << xml;
}

}  // namespace
}  // namespace loader
