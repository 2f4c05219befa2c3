#include "mockgw/gateway/request_counters.h"

#include <gtest/gtest.h>

#include <array>

#include "mockgw/faults/fault_rules.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kChat = "/v1/chat/completions";

RequestRecord completion() {
  return {.route = kChat,
          .model = "gpt-4",
          .status = 200,
          .duration = 1200ms,
          .completion = RequestRecord::ModelAnswer{.prompt_tokens = 9,
                                                   .completion_tokens = 50,
                                                   .planned_ttft = 200ms,
                                                   .planned_duration = 1s}};
}

TEST(DurationHistogram, ABoundBelongsToItsBucketAndWhatIsLongerToTheLast) {
  DurationHistogram histogram;
  for (const lab::Duration each : {0ns, 5'000'000ns, 5'000'001ns, 120'000'000'000ns}) {
    histogram.add(each);
  }
  histogram.add(121s);
  EXPECT_EQ(histogram.buckets[0], 2u);
  EXPECT_EQ(histogram.buckets[1], 1u);
  EXPECT_EQ(histogram.buckets[14], 1u);
  EXPECT_EQ(histogram.buckets[15], 1u);
  EXPECT_EQ(histogram.count(), 5u);
  EXPECT_EQ(histogram.sum, 241s + 10ms + 1ns);
}

TEST(RequestCounts, CountsARequestByRouteModelAndStatus) {
  RequestCounts counts;
  counts.add(completion());
  counts.add(completion());
  counts.add({.route = kChat,
              .model = "gpt-4",
              .status = 429,
              .condition = ErrorCondition::rate_limited_tokens});
  counts.add({.route = "/health", .status = 200, .was_cut_by_client = true});
  EXPECT_EQ(counts.requests.size(), 3u);
  EXPECT_EQ(counts.requests.at({std::string(kChat), "gpt-4", 200}), 2u);
  EXPECT_EQ(counts.requests.at({std::string(kChat), "gpt-4", 429}), 1u);
  EXPECT_EQ(counts.errors[static_cast<std::size_t>(ErrorCondition::rate_limited_tokens)], 1u);
  EXPECT_EQ(counts.cut_by_client, 1u);
  EXPECT_EQ(counts.duration, 2400ms);
  // Only what was a model's answer counts for its tokens and times.
  const RequestCounts::Model& model = counts.models.at("gpt-4");
  EXPECT_EQ(model.prompt_tokens, 18u);
  EXPECT_EQ(model.completion_tokens, 100u);
  EXPECT_EQ(model.planned_ttft.sum, 400ms);
  EXPECT_EQ(model.planned_duration.sum, 2s);
  EXPECT_EQ(model.duration.sum, 2400ms);
  EXPECT_EQ(counts.models.size(), 1u);
}

TEST(RequestCounts, CountsFaultsByRule) {
  FaultRule slow;
  slow.name = "slow";
  FaultRule broken;
  broken.name = "broken";
  const std::array<const FaultRule*, 2> both{&slow, &broken};
  RequestCounts counts;
  counts.add({.route = kChat, .faults = both});
  counts.add({.route = kChat, .faults = std::span(both).first(1)});
  EXPECT_EQ(counts.faults.at("slow"), 2u);
  EXPECT_EQ(counts.faults.at("broken"), 1u);
}

TEST(RequestCounts, CountsRetriesAndTheFaultsThatCausedThem) {
  FaultRule down;
  down.name = "down";
  RequestCounts counts;
  counts.add({.route = kChat, .retried_faults = {&down, &down}, .retries = 2});
  RequestCounts other;
  other.add({.route = kChat, .retries = 1});
  counts.add(other);
  EXPECT_EQ(counts.faults.at("down"), 2u);
  EXPECT_EQ(counts.retries, 3u);
}

TEST(RequestCounts, ThoseOfTwoThreadsAddUp) {
  RequestCounts one;
  RequestCounts other;
  one.add(completion());
  other.add(completion());
  other.add({.route = "/live", .status = 200, .condition = ErrorCondition::not_found});
  other.connections_accepted = 3;
  other.connections_turned_away = 1;
  one.add(other);
  EXPECT_EQ(one.requests.at({std::string(kChat), "gpt-4", 200}), 2u);
  EXPECT_EQ(one.requests.at({"/live", "", 200}), 1u);
  EXPECT_EQ(one.models.at("gpt-4").completion_tokens, 100u);
  EXPECT_EQ(one.models.at("gpt-4").duration.count(), 2u);
  EXPECT_EQ(one.errors[static_cast<std::size_t>(ErrorCondition::not_found)], 1u);
  EXPECT_EQ(one.connections_accepted, 3u);
  EXPECT_EQ(one.connections_turned_away, 1u);
}

TEST(ThreadCounters, AResetForgetsTheCountsAndKeepsTheGauges) {
  ThreadCounters counters;
  counters.add(completion());
  counters.connection_accepted(false);
  counters.connection_accepted(true);
  counters.change_in_flight(+2);
  counters.change_in_flight(-1);
  counters.change_connections_open(+1);
  EXPECT_EQ(counters.counts().connections_accepted, 2u);
  EXPECT_EQ(counters.counts().connections_turned_away, 1u);
  counters.reset();
  EXPECT_TRUE(counters.counts().requests.empty());
  EXPECT_EQ(counters.counts().connections_accepted, 0u);
  EXPECT_EQ(counters.in_flight(), 1);
  EXPECT_EQ(counters.connections_open(), 1);
}

}  // namespace
}  // namespace mockgw
