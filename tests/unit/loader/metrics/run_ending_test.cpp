#include "loader/summary/run_ending.h"

#include "loader/summary/html_report.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_markdown.h"
#include "loader/summary/summary_reader.h"
#include "loader/summary/summary_text.h"

namespace loader {
namespace {

/// A run of ten seconds with two users all along, in which a request ended in each second before
/// `silent_from`.
SummaryData run_that_hangs(std::size_t silent_from, std::uint64_t interrupted) {
  SummaryData data{.duration = std::chrono::seconds(10)};
  data.facts.suite = "hang";
  data.iterations = {.completed = silent_from, .interrupted = interrupted};
  data.over_time = OverTime{.window = std::chrono::seconds(1)};
  data.over_time->users.resize(10, {.active_vus = 2, .vus = 2});
  data.over_time->series.resize(1);
  for (std::size_t i = 0; i < silent_from; ++i) data.over_time->series[0].at(i).requests = 1;
  return data;
}

TEST(RunEnding, OfARunThatHungIsInAllReports) {
  const SummaryData data = run_that_hangs(4, 2);
  const std::vector<std::string> sentences = ending_sentences(data);
  EXPECT_EQ(sentences, (std::vector<std::string>{
                           "2 iterations were interrupted: they had not ended when the time was "
                           "up.",
                           "No request ended from 0:04 to 0:10."}));
  for (const std::string& sentence : sentences) {
    EXPECT_NE(html_report(data).find(sentence), std::string::npos);
    EXPECT_NE(summary_text(data, {}).find(sentence), std::string::npos);
    EXPECT_NE(summary_markdown(data).find("- " + sentence), std::string::npos);
  }
  const auto read = read_summary(summary_json(data), "s.json");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(ending_sentences(*read), sentences);
  EXPECT_EQ(read->iterations->completed, 4U);
}

TEST(RunEnding, WithoutAnyRequestThereIsNoShareOfFailures) {
  const SummaryData data = run_that_hangs(0, 1);
  EXPECT_EQ(ending_sentences(data).at(1), "No request ended in 10s.");
  const std::string html = html_report(data);
  EXPECT_EQ(html.find("<b>0.00%</b>"), std::string::npos);
  EXPECT_EQ(html.find("No request ended", html.find("No request ended") + 1), std::string::npos);
  // One that was not meant to send any is as it should be.
  EXPECT_NE(html_report(run_that_hangs(0, 0)).find("<li>No request ended in 10s."),
            std::string::npos);
}

TEST(RunEnding, IsOnlyToldIfItIsBad) {
  EXPECT_TRUE(ending_sentences(run_that_hangs(10, 0)).empty());
  EXPECT_TRUE(ending_sentences(SummaryData()).empty());
  // The last requests may end a moment before the run does.
  EXPECT_EQ(ending_sentences(run_that_hangs(9, 2)).size(), 1U);
  // Three seconds at the end are no more than the requests have taken before.
  SummaryData slow = run_that_hangs(7, 2);
  slow.over_time->series[0] = {};
  slow.over_time->series[0].at(2).requests = 1;
  slow.over_time->series[0].at(6).requests = 1;
  EXPECT_EQ(ending_sentences(slow).size(), 1U);
  SummaryData idle = run_that_hangs(4, 2);
  idle.over_time->users.clear();
  idle.over_time->users.resize(10);
  EXPECT_EQ(ending_sentences(idle).size(), 1U);
}

TEST(RunEnding, OfARunThatWasCutShortSaysSo) {
  SummaryData data = run_that_hangs(10, 1);
  data.facts.run_errors = {"the run was interrupted"};
  EXPECT_EQ(ending_sentences(data).at(0),
            "1 iteration was interrupted: it had not ended when the run ended.");
}

}  // namespace
}  // namespace loader
