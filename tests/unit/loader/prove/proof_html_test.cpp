#include "loader/prove/proof_html.h"

#include <gtest/gtest.h>

#include "example_proof.h"
#include "golden.h"
#include "loader/prove/proof_html_parts.h"

namespace loader {
namespace {

TEST(ProofHtml, IsOnePage) { expect_golden(proof_html(example_proof()), "prove-page.html"); }

TEST(ProofHtml, NeedsNothingBesideItself) {
  const std::string html = proof_html(example_proof());
  for (const char* const word :
       {"<script", "<link", "<img", "http:", "https:", "url(", "@import"}) {
    EXPECT_EQ(html.find(word), std::string::npos) << word;
  }
}

TEST(ProofHtml, LeavesOutWhatThereIsNot) {
  const Proof proof = holding_proof();
  EXPECT_EQ(survivors_html(proof), "");
  const std::string html = proof_html(proof);
  EXPECT_NE(html.find("<span class=\"pill good\">Holds</span>"), std::string::npos);
  EXPECT_EQ(html.find("class=\"errors\""), std::string::npos);
}

TEST(ProofHtml, AProofOfNothingIsAPageToo) {
  Proof proof;
  proof.suite = "empty";
  EXPECT_EQ(matrix_html(proof) + boundaries_html(proof) + curves_html(proof) +
                thresholds_html(proof) + survivors_html(proof),
            "");
  EXPECT_NE(proof_html(proof).find("<b>none</b><span>mutation score</span>"), std::string::npos);
}

TEST(ProofHtml, TheMatrixGreysWhatWasNotAskedAndSaysWhy) {
  const std::string html = matrix_html(example_proof());
  EXPECT_NE(html.find("<td class=\"unasked\" colspan=\"9\">not asked: it asks for one model only"),
            std::string::npos)
      << html;
  EXPECT_NE(html.find("not run: interrupted"), std::string::npos);
  // A column for runs that end with an error of their own, since there are such.
  EXPECT_NE(html.find("<td class=\"h4\" title=\"refused, 20%: the run failed in 4 of 10 runs\">40"),
            std::string::npos);
  EXPECT_EQ(matrix_html(holding_proof()).find("Ends"), std::string::npos);
}

TEST(ProofHtml, ACurveStepsWhereSeedsNotice) {
  Proof proof = holding_proof();
  // Two seeds of ten at the middle of the axis, where 1 % is a third of it.
  proof.families = {tried(percent_family("status-500"), 0, {1, 1})};
  const std::string html = curves_html(proof);
  // 344 wide from 36 on, 150 high from 166 up.
  EXPECT_NE(html.find("<path class=\"curve any\" d=\"M36.0 166.0 L150.7 166.0 L150.7 136.0 "
                      "L380.0 136.0 L380.0 136.0\"/>"),
            std::string::npos)
      << html;
}

}  // namespace
}  // namespace loader
