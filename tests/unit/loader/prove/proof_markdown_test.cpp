#include "loader/prove/proof_markdown.h"

#include <gtest/gtest.h>

#include "example_proof.h"
#include "golden.h"
#include "loader/summary/markdown_text.h"

namespace loader {
namespace {

TEST(MarkdownText, ReadsAsItIs) {
  EXPECT_EQ(markdown_escaped("rate<0.05 & more"), "rate&lt;0.05 &amp; more");
  EXPECT_EQ(markdown_escaped("a|b"), "a&#124;b");
  EXPECT_EQ(markdown_escaped("*a* _b_ `c` [d](e) ~f~ #1 $g$ \\"),
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\~f\\~ \\#1 \\$g\\$ \\\\");
  EXPECT_EQ(markdown_escaped("two\nlines"), "two lines");
}

TEST(MarkdownText, AFenceIsLongerThanThoseWithin) {
  EXPECT_EQ(markdown_block("sh", "ls\n"), "```sh\nls\n```\n");
  EXPECT_EQ(markdown_block("sh", "echo '```'\n"), "````sh\necho '```'\n````\n");
}

TEST(MarkdownText, ATableWithoutRowsIsNone) {
  MarkdownTable table({"Name", "#Runs"});
  EXPECT_EQ(table.markdown(), "");
  table.add({"a", "1"});
  EXPECT_EQ(table.markdown(), "| Name | Runs |\n| --- | ---: |\n| a | 1 |\n");
}

TEST(ProofMarkdown, IsASummaryOfAJob) {
  expect_golden(proof_markdown(example_proof()), "prove-summary.md");
}

TEST(ProofMarkdown, SaysOfAProofThatHoldsOnlyThat) {
  const std::string text = proof_markdown(holding_proof());
  EXPECT_TRUE(
      text.starts_with("## ✅ smoke: 1 of 1 families noticed (100.0 %)\n\n\n"
                       "### Thresholds\n"))
      << text;
  EXPECT_EQ(text.find("Survivors"), std::string::npos);
}

}  // namespace
}  // namespace loader
