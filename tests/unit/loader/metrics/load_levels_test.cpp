#include "loader/summary/load_levels.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "loader/summary/run_story.h"

namespace loader {
namespace {

using std::chrono::seconds;

Sketch times_of(double milliseconds, std::uint64_t count) {
  return {{{Sketch::bucket_of(milliseconds), count}},
          milliseconds * static_cast<double>(count),
          milliseconds,
          milliseconds};
}

struct Second {
  double users;
  std::uint64_t failed;  ///< Of a hundred requests.
  double took;           ///< Milliseconds, of the others.
};

SummaryData run_of(const std::vector<Second>& all) {
  SummaryData data{.duration = seconds(all.size())};
  data.over_time = OverTime{.window = seconds(1), .failure_kinds = {"status 503"}};
  data.over_time->series.push_back({.scenario = "chat", .model = "gpt-4"});
  for (std::size_t i = 0; i < all.size(); ++i) {
    RequestWindow& window = data.over_time->series[0].at(i);
    window.requests = 100;
    window.failed = all[i].failed;
    if (all[i].failed > 0) window.failures = {all[i].failed};
    window.succeeded = times_of(all[i].took, 100 - all[i].failed);
    window.slowest = "id-" + std::to_string(i);
    data.over_time->users.push_back({all[i].users, all[i].users, 100, 0});
  }
  return data;
}

std::vector<std::string> sentences_of(const std::vector<Second>& all) {
  return load_sentences(load_levels(run_columns(run_of(all)).value()));
}

TEST(LoadSentences, SayWhatWentWithMoreLoad) {
  EXPECT_EQ(sentences_of({{5, 0, 100}, {10, 1, 100}, {20, 40, 150}, {30, 60, 500}, {10, 0, 100}}),
            (std::vector<std::string>{
                "With 20 or more active virtual users 50.00% of the requests failed, with fewer "
                "0.33%.",
                "With 30 or more active virtual users the p95 of successes was 500ms, with fewer "
                "150ms."}));
}

TEST(LoadSentences, AreOfNothingElse) {
  const std::vector<std::vector<Second>> kCases{
      // An outage that ends while the load goes on.
      {{5, 0, 100}, {10, 0, 100}, {20, 90, 100}, {20, 80, 100}, {30, 0, 100}},
      // Failures at any load.
      {{5, 40, 100}, {10, 40, 100}, {20, 40, 100}, {30, 40, 100}},
      // Load that hardly differs.
      {{20, 0, 100}, {22, 0, 100}, {24, 50, 100}, {26, 50, 900}},
      // Two levels.
      {{5, 0, 100}, {30, 50, 900}},
      {{5, 0, 100}, {10, 0, 110}, {20, 4, 120}, {30, 5, 190}},
  };
  for (const std::vector<Second>& each : kCases) {
    EXPECT_EQ(sentences_of(each), std::vector<std::string>()) << each[0].users;
  }
}

TEST(RunStory, TellsOfLoadBeforeItTellsOfFailures) {
  const SummaryData data = run_of({{5, 0, 100}, {10, 0, 100}, {20, 40, 150}, {30, 60, 150}});
  const auto story = run_story(data, run_columns(data));
  ASSERT_GE(story.size(), 3U);
  EXPECT_TRUE(story[1].text.starts_with("With 20 or more active")) << story[1].text;
  EXPECT_EQ(
      story[2].text,
      "Model gpt-4: 100 of 200 requests failed (50.00%) from 0:02 to 0:04, all status 503; it "
      "began with 20 active virtual users, more than there were before.");
}

TEST(RunStory, DoesNotBlameLoadThatWasThereBefore) {
  const SummaryData data = run_of({{5, 0, 100}, {20, 0, 100}, {20, 90, 100}, {20, 80, 100}});
  for (const StorySentence& each : run_story(data, run_columns(data))) {
    EXPECT_EQ(each.text.find("it began with"), std::string::npos) << each.text;
  }
}

TEST(RunStory, NamesASlowRequestOfADrift) {
  std::vector<Second> all;
  for (int i = 0; i < 16; ++i) all.push_back({10, 0, 100.0 + 50 * i});
  all[14].took = 5000;
  const SummaryData data = run_of(all);
  bool is_told = false;
  for (const StorySentence& each : run_story(data, run_columns(data))) {
    if (each.text.find("the median latency of successes went from") == std::string::npos) continue;
    is_told = true;
    EXPECT_EQ(each.request_id, "id-14");
  }
  EXPECT_TRUE(is_told);
}

}  // namespace
}  // namespace loader
