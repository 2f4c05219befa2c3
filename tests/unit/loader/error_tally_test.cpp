#include "loader/run/error_tally.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

using namespace std::chrono_literals;

class ErrorTalliesTest : public testing::Test {
 protected:
  void add(const RequestRecord& record) { tallies.add(record, tags); }
  [[nodiscard]] std::vector<ErrorTally> list() const { return tallies.list(lab::TimePoint(10s)); }
  /// Of the only row.
  [[nodiscard]] std::string text() const {
    EXPECT_EQ(list().size(), 1u);
    return list().at(0).text;
  }

  TagTable tags;
  ErrorTallies tallies;
};

RequestRecord refusal(std::string_view reason = "", std::string_view request_id = "") {
  return {.end = lab::TimePoint(12s),
          .status = 503,
          .outcome = "status",
          .is_failed = true,
          .is_chat = true,
          .request_id = request_id,
          .host = "gateway:8080",
          .reason = reason};
}

TEST_F(ErrorTalliesTest, ARowSaysWhatWhereWhenAndWhich) {
  RequestRecord record = refusal("no capacity", "first");
  record.tags = tags.intern({{"scenario", "stress"}});
  record.model = "gpt-4";
  add(record);
  record.request_id = "second";
  record.end = lab::TimePoint(15s);
  add(record);
  const ErrorTally row = list().at(0);
  EXPECT_EQ(list().size(), 1u);
  EXPECT_EQ(row.text, "status 503");
  EXPECT_EQ(row.kind, ErrorKind::status);
  EXPECT_EQ(row.status, 503u);
  EXPECT_EQ(row.count, 2u);
  EXPECT_EQ(row.message, "no capacity");
  EXPECT_EQ(row.host, "gateway:8080");
  EXPECT_EQ(row.model, "gpt-4");
  EXPECT_EQ(row.scenario, "stress");
  EXPECT_EQ(row.first, 2s);
  EXPECT_EQ(row.last, 5s);
  EXPECT_EQ(row.request_id, "first");
}

// What is counted, and as what.
TEST_F(ErrorTalliesTest, EveryKindHasItsText) {
  struct Case {
    RequestRecord record;
    std::string text;
    ErrorKind kind;
  };
  const std::vector<Case> cases{
      {{.status = 404, .outcome = "status", .is_failed = true}, "status 404", ErrorKind::status},
      {{.outcome = "transport", .is_failed = true, .reason = "EOF"}, "EOF", ErrorKind::transport},
      {{.outcome = "transport", .is_failed = true}, "status 0", ErrorKind::transport},
      {{.outcome = "transport",
        .is_failed = true,
        .host = "gateway:8080",
        .reason = "dial: connection refused"},
       "dial: connection refused (gateway:8080)",
       ErrorKind::transport},
      // A redirect's says itself where it led.
      {{.outcome = "transport",
        .is_failed = true,
        .host = "gateway:8080",
        .reason = "lookup: no such host (other:1)"},
       "lookup: no such host (other:1)",
       ErrorKind::transport},
      {{.status = 200, .outcome = "missing_done", .is_chat = true, .is_stream = true},
       "stream: missing_done",
       ErrorKind::stream},
      {{.status = 200, .outcome = "ok", .is_chat = true, .is_stream = true},
       "stream: not_streamed",
       ErrorKind::stream},
      {{.status = 200, .outcome = "missing_content", .is_chat = true},
       "answer: missing_content",
       ErrorKind::answer},
      // A stream whose request failed is counted as that request.
      {{.status = 429, .outcome = "status", .is_failed = true, .is_chat = true, .is_stream = true},
       "status 429",
       ErrorKind::status},
  };
  for (const Case& each : cases) {
    tallies = {};
    add(each.record);
    EXPECT_EQ(text(), each.text);
    EXPECT_EQ(list().at(0).kind, each.kind) << each.text;
  }
}

TEST_F(ErrorTalliesTest, WhatWentWellIsNone) {
  add({.status = 200, .outcome = "ok"});
  add({.status = 200, .outcome = "ok", .is_chat = true});
  add({.chunks = 3, .status = 200, .outcome = "ok", .is_chat = true, .is_stream = true});
  // Nobody said what is expected.
  add({.status = 500, .outcome = "status"});
  EXPECT_TRUE(list().empty());
}

TEST_F(ErrorTalliesTest, AHostThatIsNotReachedIsOneRowWhateverWasAskedOfIt) {
  for (const std::string_view model : {"", "small", "large"}) {
    add({.outcome = "transport",
         .is_failed = true,
         .model = model,
         .host = "gateway:8080",
         .reason = "lookup: no such host"});
  }
  EXPECT_EQ(text(), "lookup: no such host (gateway:8080)");
  EXPECT_EQ(list().at(0).model, "");
}

TEST_F(ErrorTalliesTest, OneMessageWithOtherNumbersIsOneRow) {
  add(refusal("Limit 20 reached, retry in 7s (req_8f1c-aa)"));
  add(refusal("Limit 35 reached, retry in 12s (req_a93e-0b)"));
  EXPECT_EQ(list().at(0).count, 2u);
  EXPECT_EQ(list().at(0).message, "Limit 20 reached, retry in 7s (req_8f1c-aa)");
  add(refusal("Quota 20 reached"));
  add(refusal(""));
  EXPECT_EQ(list().size(), 3u);
}

TEST_F(ErrorTalliesTest, ManyDifferentErrorsAreOneRowInTheEnd) {
  for (std::size_t i = 0; i < 2 * ErrorTallies::kRowsMax; ++i) {
    add(refusal("word " + std::string(i + 1, 'x'), "of an odd one"));
  }
  const std::vector<ErrorTally> rows = list();
  ASSERT_EQ(rows.size(), ErrorTallies::kRowsMax + 1);
  EXPECT_EQ(rows.back().text, "others");
  EXPECT_EQ(rows.back().kind, ErrorKind::other);
  EXPECT_EQ(rows.back().count, ErrorTallies::kRowsMax);
  EXPECT_EQ(rows.back().message, "");
  EXPECT_EQ(rows.back().request_id, "of an odd one");
}

TEST_F(ErrorTalliesTest, TheMostFrequentComeFirst) {
  add(refusal("rare"));
  for (int i = 0; i < 3; ++i) add(refusal("frequent"));
  EXPECT_EQ(list().at(0).message, "frequent");
  EXPECT_EQ(list().at(1).message, "rare");
}

TEST(MergedErrors, AddUpAndKeepTheFirst) {
  const ErrorTally early{
      .text = "EOF", .count = 2, .host = "a", .first = 1s, .last = 2s, .request_id = "early"};
  const ErrorTally late{
      .text = "EOF", .count = 5, .host = "a", .first = 2s, .last = 9s, .request_id = "late"};
  const ErrorTally elsewhere{.text = "EOF", .count = 1, .host = "b", .request_id = "elsewhere"};
  const std::vector<ErrorTally> sum = merged({{late}, {early, elsewhere}});
  ASSERT_EQ(sum.size(), 2u);
  EXPECT_EQ(sum[0].count, 7u);
  EXPECT_EQ(sum[0].first, 1s);
  EXPECT_EQ(sum[0].last, 9s);
  EXPECT_EQ(sum[0].request_id, "early");
  EXPECT_EQ(sum[1].host, "b");
}

TEST(MergedErrors, TheMostFrequentKeepTheirRows) {
  std::vector<ErrorTally> rare;
  for (std::size_t i = 0; i < ErrorTallies::kRowsMax; ++i) {
    rare.push_back({.text = "error " + std::to_string(i), .count = 1});
  }
  const std::vector<ErrorTally> sum = merged({rare, {{.text = "frequent", .count = 9}}});
  ASSERT_EQ(sum.size(), ErrorTallies::kRowsMax + 1);
  EXPECT_EQ(sum[0].text, "frequent");
  EXPECT_EQ(sum.back().kind, ErrorKind::other);
  EXPECT_EQ(sum.back().count, 1u);
}

}  // namespace
}  // namespace loader
