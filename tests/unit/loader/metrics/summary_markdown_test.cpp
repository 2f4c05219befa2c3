#include "loader/summary/summary_markdown.h"

#include "golden.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class SummaryMarkdown : public SummaryFixture {};

TEST_F(SummaryMarkdown, ShowsWhatWentWrong) {
  SummaryData data = bad_run();
  data.facts = {.suite = "stress",
                .started = "2023-11-14T22:13:20Z",
                .exit_code = 99,
                .errors = {"thresholds on metrics 'http_req_failed' have been crossed"}};
  expect_golden(summary_markdown(data), "summary-bad.md");
}

TEST_F(SummaryMarkdown, ARunThatPassedSaysHowFarItWasFromItsLimits) {
  SummaryData data = good_run();
  data.simulation = {.seed = 7, .events = 100, .hash = "bab52519539c91f8"};
  data.facts.suite = "smoke";
  const std::string text = summary_markdown(data);
  EXPECT_TRUE(text.starts_with("## ✅ smoke passed\n")) << text;
  // 1 % may fail and nothing did; 186 ms of 15 s.
  EXPECT_NE(text.find("| 0.00% | 1.00 points |"), std::string::npos) << text;
  EXPECT_NE(text.find("(98.8%) |"), std::string::npos) << text;
  EXPECT_EQ(text.find("Failed checks"), std::string::npos) << text;
  EXPECT_NE(text.find("Simulated with seed 7, 100 events, hash <code>bab52519539c91f8</code>."),
            std::string::npos);
}

TEST_F(SummaryMarkdown, WithoutSamplesThereIsNoMargin) {
  threshold("llm_time_to_first_token", "p(95)<5000");
  const Metrics metrics(registry, tags);
  const auto report = evaluate_at_end(set, metrics, duration, NoDataPolicy::pass);
  const std::string text =
      summary_markdown(make_summary_data(metrics, report, {.duration = duration}));
  EXPECT_NE(text.find("| ➖ | <code>llm\\_time\\_to\\_first\\_token</code> | "
                      "<code>p(95)&lt;5000</code> | no data | – |"),
            std::string::npos)
      << text;
}

TEST_F(SummaryMarkdown, WhatAServerSentIsText) {
  SummaryData data;
  data.errors = {{.text = "a | b <img src=x> `c`", .count = 1}};
  data.facts.suite = "a*b";
  const std::string text = summary_markdown(data);
  EXPECT_NE(text.find("## ✅ a\\*b passed"), std::string::npos) << text;
  EXPECT_NE(text.find("| a &#124; b &lt;img src=x&gt; \\`c\\` | 1 |"), std::string::npos) << text;
}

}  // namespace
}  // namespace loader
