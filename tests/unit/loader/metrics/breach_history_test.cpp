#include "loader/thresholds/breach_history.h"

#include <gtest/gtest.h>

#include <vector>

namespace loader {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Two thresholds of one metric.
ThresholdReport report(bool first_crossed, bool second_crossed) {
  return {.metrics = {{.name = "http_req_duration",
                       .results = {{.source = "p(95)<200", .crossed = first_crossed},
                                   {.source = "max<900", .crossed = second_crossed}}}}};
}

TEST(BreachHistory, WhatAlwaysHeldIsNotInIt) {
  BreachHistory history;
  history.note(report(false, false), seconds(2));
  EXPECT_TRUE(history.breaches().empty());
}

TEST(BreachHistory, ASpanIsFromTheFirstBadJudgementToTheNextGoodOne) {
  BreachHistory history;
  history.note(report(false, false), seconds(2));
  history.note(report(true, false), seconds(4));
  history.note(report(true, false), seconds(6));
  history.note(report(false, false), seconds(8));
  history.note(report(true, true), seconds(10));
  history.note(report(true, true), seconds(11));
  const std::vector<ThresholdBreach> breaches = history.breaches();
  ASSERT_EQ(breaches.size(), 2U);
  EXPECT_EQ(breaches[0].metric, "http_req_duration");
  EXPECT_EQ(breaches[0].threshold, "p(95)<200");
  EXPECT_EQ(breaches[0].spans,
            (std::vector<TimeSpan>{{seconds(4), seconds(8)}, {seconds(10), seconds(11)}}));
  EXPECT_EQ(breaches[1].spans, (std::vector<TimeSpan>{{seconds(10), seconds(11)}}));
}

TEST(BreachHistory, JudgesOftenAtFirstAndInTheEndAtDistancesThatAPictureShows) {
  EXPECT_EQ(BreachHistory::pause_after(seconds(0)), seconds(2));
  EXPECT_EQ(BreachHistory::pause_after(minutes(4)), seconds(2));
  EXPECT_EQ(BreachHistory::pause_after(hours(2)), minutes(1));
  int judgements = 0;
  for (lab::Duration at{}; at < hours(24); at += BreachHistory::pause_after(at)) ++judgements;
  EXPECT_LT(judgements, 900);
}

}  // namespace
}  // namespace loader
