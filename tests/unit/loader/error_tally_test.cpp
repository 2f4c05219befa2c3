#include "loader/run/error_tally.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(ErrorTallies, CountFailedRequestsByErrorElseByStatus) {
  TagTable tags;
  const TagSetId refused = tags.intern({{"error", "connection refused"}, {"status", "0"}});
  const TagSetId refused_elsewhere =
      tags.intern({{"error", "connection refused"}, {"status", "0"}, {"url", "x"}});
  const TagSetId unavailable = tags.intern({{"status", "503"}});
  ErrorTallies tallies;
  const auto request = [&](TagSetId set, double failed) {
    tallies.observe({BuiltinMetrics::http_req_failed, set, failed, {}}, tags);
  };
  request(unavailable, 1);
  request(refused, 1);
  request(refused_elsewhere, 1);
  // Not failed, and not a request.
  request(refused, 0);
  tallies.observe({BuiltinMetrics::http_req_duration, refused, 5, {}}, tags);

  const std::vector<ErrorTally> list = tallies.list(tags);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].text, "connection refused");
  EXPECT_EQ(list[0].count, 2u);
  EXPECT_EQ(list[1].text, "status 503");
  EXPECT_EQ(list[1].count, 1u);

  const std::vector<ErrorTally> sum = merged({list, {{"status 503", 5}}});
  EXPECT_EQ(sum[0].text, "status 503");
  EXPECT_EQ(sum[0].count, 6u);
}

TEST(ErrorTallies, CountStreamsThatBrokeAfterTheyHadBegunWell) {
  TagTable tags;
  const TagSetId cut =
      tags.intern({{"status", "200"}, {"expected_response", "true"}, {"reason", "missing_done"}});
  const TagSetId refused =
      tags.intern({{"status", "503"}, {"expected_response", "false"}, {"reason", "status"}});
  ErrorTallies tallies;
  tallies.observe({BuiltinMetrics::llm_streaming_errors, cut, 1, {}}, tags);
  // Its request is in the list already.
  tallies.observe({BuiltinMetrics::llm_streaming_errors, refused, 1, {}}, tags);
  const std::vector<ErrorTally> list = tallies.list(tags);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].text, "stream: missing_done");
  EXPECT_EQ(list[0].count, 1u);
}

TEST(ErrorTallies, NameWhoWasNotReached) {
  TagTable tags;
  ErrorTallies tallies("gateway:8080");
  for (const TagSetId set :
       {tags.intern({{"error", "dial: connection refused"}, {"url", "http://other:1/x"}}),
        tags.intern({{"error", "lookup: no such host"}, {"url", "a name"}, {"status", "0"}})}) {
    tallies.observe({BuiltinMetrics::http_req_failed, set, 1, {}}, tags);
  }
  const std::vector<ErrorTally> list = tallies.list(tags);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].text, "dial: connection refused (other:1)");
  EXPECT_EQ(list[1].text, "lookup: no such host (gateway:8080)");
}

}  // namespace
}  // namespace loader
