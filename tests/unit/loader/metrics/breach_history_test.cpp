#include "loader/thresholds/breach_history.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace loader {
namespace {

// Two thresholds of one metric.
ThresholdReport breach_report(bool first_crossed, bool second_crossed) {
  return {.metrics = {{.name = "http_req_duration",
                       .results = {{.source = "p(95)<200", .crossed = first_crossed},
                                   {.source = "max<900", .crossed = second_crossed}}}}};
}

TEST(BreachHistory, WhatAlwaysHeldIsNotInIt) {
  BreachHistory history;
  history.note(breach_report(false, false), std::chrono::seconds(2));
  EXPECT_TRUE(history.breaches().empty());
}

TEST(BreachHistory, ASpanIsFromTheFirstBadJudgementToTheNextGoodOne) {
  BreachHistory history;
  history.note(breach_report(false, false), std::chrono::seconds(2));
  history.note(breach_report(true, false), std::chrono::seconds(4));
  history.note(breach_report(true, false), std::chrono::seconds(6));
  history.note(breach_report(false, false), std::chrono::seconds(8));
  history.note(breach_report(true, true), std::chrono::seconds(10));
  history.note(breach_report(true, true), std::chrono::seconds(11));
  const std::vector<ThresholdBreach> breaches = history.breaches();
  ASSERT_EQ(breaches.size(), 2U);
  EXPECT_EQ(breaches[0].metric, "http_req_duration");
  EXPECT_EQ(breaches[0].threshold, "p(95)<200");
  EXPECT_EQ(breaches[0].spans,
            (std::vector<TimeSpan>{{std::chrono::seconds(4), std::chrono::seconds(8)},
                                   {std::chrono::seconds(10), std::chrono::seconds(11)}}));
  EXPECT_EQ(breaches[1].spans,
            (std::vector<TimeSpan>{{std::chrono::seconds(10), std::chrono::seconds(11)}}));
}

TEST(BreachHistory, ACountThatIsToBeReachedIsNoBreach) {
  BreachHistory history;
  history.note({.metrics = {{.name = "http_reqs",
                             .results = {{.source = "count>100", .crossed = true},
                                         {.source = "count>=5", .crossed = true},
                                         {.source = "count==0", .crossed = true},
                                         {.source = "rate>100", .crossed = true}}}}},
               std::chrono::seconds(2));
  std::vector<std::string> told;
  for (const ThresholdBreach& breach : history.breaches()) told.push_back(breach.threshold);
  EXPECT_EQ(told, (std::vector<std::string>{"count==0", "rate>100"}));
}

TEST(BreachHistory, JudgesOftenAtFirstAndInTheEndAtDistancesThatAPictureShows) {
  EXPECT_EQ(BreachHistory::pause_after(std::chrono::seconds(0)), std::chrono::seconds(2));
  EXPECT_EQ(BreachHistory::pause_after(std::chrono::minutes(4)), std::chrono::seconds(2));
  EXPECT_EQ(BreachHistory::pause_after(std::chrono::hours(2)), std::chrono::minutes(1));
  int judgements = 0;
  for (lab::Duration at{}; at < std::chrono::hours(24); at += BreachHistory::pause_after(at))
    ++judgements;
  EXPECT_LT(judgements, 900);
}

}  // namespace
}  // namespace loader
