#include "loader/delivery/delivery_queue.h"

#include <gtest/gtest.h>

#include "loader/delivery/line_protocol.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using Answer = DeliveryReply::Verdict;

constexpr lab::TimePoint kStart{100s};
const DeliveryReply kArrived{};
const DeliveryReply kUnavailable = reply_of(503, "", "");

std::string sent(DeliveryQueue& queue, lab::TimePoint now) {
  const auto attempt = queue.next(now);
  return attempt ? attempt->batch.body : "-";
}

TEST(DeliveryReply, IsReadOfTheStatus) {
  struct Row {
    unsigned status;
    Answer verdict;
  };
  for (const auto& [status, verdict] :
       {Row{200, Answer::arrived}, Row{204, Answer::arrived}, Row{302, Answer::refused},
        Row{400, Answer::refused}, Row{401, Answer::refused}, Row{408, Answer::again},
        Row{413, Answer::too_large}, Row{429, Answer::again}, Row{500, Answer::again},
        Row{503, Answer::again}}) {
    EXPECT_EQ(reply_of(status, "", "").verdict, verdict) << status;
  }
}

TEST(DeliveryReply, SaysWhyInOneLine) {
  EXPECT_EQ(reply_of(400, "", "partial write:\n\x1b[31mno\n").why,
            "status 400: partial write:  [31mno");
  EXPECT_EQ(reply_of(500, "", "").why, "status 500");
  EXPECT_LT(reply_of(500, "", std::string(10'000, 'x')).why.size(), 300u);
  EXPECT_FALSE(no_answer("connection refused").is_answer);
}

TEST(DeliveryReply, RespectsRetryAfterInSeconds) {
  EXPECT_EQ(reply_of(429, "7", "").pause_min, 7s);
  EXPECT_EQ(reply_of(429, "soon", "").pause_min, 0s);
  EXPECT_EQ(reply_of(400, "7", "").pause_min, 0s);
}

TEST(DeliveryReply, SaysWhatWasLeftOutAndWhereItShouldHaveGone) {
  DeliveryTarget target;
  target.left_out = influxdb_left_out;
  const Secrets none;
  HttpOutcome outcome;
  outcome.status = 400;
  outcome.body = R"({"error":"partial write: points beyond retention policy dropped=2"})";
  const DeliveryReply partial = reply_of(outcome, target, none);
  EXPECT_EQ(partial.verdict, Answer::arrived);
  EXPECT_EQ(partial.left_out, 2u);
  EXPECT_EQ(partial.why, outcome.body);
  outcome.status = 302;
  outcome.body = "";
  outcome.headers.add("Location", "/there");
  EXPECT_EQ(reply_of(outcome, target, none).why, "status 302, Location: /there");
}

TEST(MovedTo, OnlyWhereMethodAndBodyStay) {
  const Url from = parse_url("http://h:1/write?db=k6").value();
  HttpOutcome outcome;
  outcome.status = 307;
  EXPECT_FALSE(moved_to(outcome, from));
  outcome.headers.add("Location", "/v2/write?db=k6");
  EXPECT_EQ(moved_to(outcome, from), parse_url("http://h:1/v2/write?db=k6").value());
  outcome.status = 302;
  EXPECT_FALSE(moved_to(outcome, from));
}

TEST(MovedTo, NeverToAnotherHostNorOutOfTls) {
  struct Row {
    const char* from;
    const char* to;
    bool is_followed;
  };
  for (const auto& [from, to, is_followed] :
       {Row{"http://h/w", "https://h/w", true}, Row{"http://h/w", "http://h:81/w", true},
        Row{"https://h/w", "http://h/w", false}, Row{"http://h/w", "http://other/w", false},
        Row{"http://h/w", "http://h:99999/w", false}}) {
    HttpOutcome outcome;
    outcome.status = 308;
    outcome.headers.add("Location", to);
    EXPECT_EQ(moved_to(outcome, parse_url(from).value()).has_value(), is_followed) << to;
  }
}

TEST(DeliveryQueue, CountsWhatWasLeftOutAsDropped) {
  DeliveryQueue queue(1, kStart);
  queue.add({"a", 5});
  queue.settle(*queue.next(kStart), {.why = "partial", .left_out = 2}, kStart);
  EXPECT_EQ(queue.sent(), 3u);
  EXPECT_EQ(queue.dropped(), 2u);
  EXPECT_EQ(queue.last_failure(), "partial");
  EXPECT_TRUE(queue.is_idle());
}

TEST(DeliveryQueue, SendsPartsOfABatchAfterAllOthers) {
  DeliveryQueue queue(1, kStart);
  queue.add({"ab", 2});
  queue.add({"c", 1});
  const auto attempt = queue.next(kStart);
  queue.replace(*attempt, {{"a", 1}, {"b", 1}});
  for (const char* const body : {"c", "a", "b"}) {
    auto next = queue.next(kStart);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->batch.body, body);
    queue.settle(*std::move(next), kArrived, kStart);
  }
  EXPECT_EQ(queue.sent(), 3u);
  EXPECT_TRUE(queue.is_idle());
}

TEST(DeliveryQueue, PausesDoubleUpToABound) {
  EXPECT_EQ(pause_after(1), 250ms);
  EXPECT_EQ(pause_after(2), 500ms);
  EXPECT_EQ(pause_after(5), 4s);
  EXPECT_EQ(pause_after(6), DeliveryQueue::kPauseMax);
  EXPECT_EQ(pause_after(1'000'000), DeliveryQueue::kPauseMax);
}

TEST(DeliveryQueue, SendsInOrderAndOneAtATime) {
  DeliveryQueue queue(1, kStart);
  EXPECT_EQ(queue.due(), lab::kNoDeadline);
  queue.add({"a", 2});
  queue.add({"b", 3});
  auto attempt = queue.next(kStart);
  ASSERT_TRUE(attempt);
  EXPECT_EQ(attempt->batch.body, "a");
  // The second waits for the first.
  EXPECT_EQ(sent(queue, kStart), "-");
  EXPECT_EQ(queue.due(), lab::kNoDeadline);
  queue.settle(*std::move(attempt), kArrived, kStart + 1s);
  EXPECT_EQ(queue.sent(), 2u);
  EXPECT_EQ(queue.last_arrival(), kStart + 1s);
  EXPECT_EQ(sent(queue, kStart + 1s), "b");
}

TEST(DeliveryQueue, SendsSeveralAtATimeIfItMay) {
  DeliveryQueue queue(2, kStart);
  for (const char* body : {"a", "b", "c"}) queue.add({body, 1});
  EXPECT_EQ(sent(queue, kStart), "a");
  EXPECT_EQ(sent(queue, kStart), "b");
  EXPECT_EQ(sent(queue, kStart), "-");
}

TEST(DeliveryQueue, AFailedBatchIsTheFirstAgainAfterAPause) {
  DeliveryQueue queue(1, kStart);
  queue.add({"a", 2});
  queue.add({"b", 3});
  queue.settle(*queue.next(kStart), kUnavailable, kStart);
  EXPECT_EQ(queue.due(), kStart + 250ms);
  EXPECT_EQ(sent(queue, kStart + 249ms), "-");
  auto again = queue.next(kStart + 250ms);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->batch.body, "a");
  // The second failure in a row: twice the pause.
  EXPECT_EQ(queue.failing_since(), kStart);
  queue.settle(*std::move(again), no_answer("reset"), kStart + 250ms);
  EXPECT_EQ(queue.due(), kStart + 750ms);
  EXPECT_EQ(queue.last_failure(), "reset");
  EXPECT_EQ(queue.failing_since(), kStart);  // The first one's.
  // Something arrives: the next failure is the first one.
  queue.settle(*queue.next(kStart + 1s), kArrived, kStart + 1s);
  EXPECT_FALSE(queue.failing_since());
  queue.settle(*queue.next(kStart + 1s), kUnavailable, kStart + 1s);
  EXPECT_EQ(queue.due(), kStart + 1250ms);
  EXPECT_EQ(queue.dropped(), 0u);
}

TEST(DeliveryQueue, WaitsAsLongAsTheServerWantsWithinABound) {
  DeliveryQueue queue(1, kStart);
  queue.add({"a", 1});
  queue.settle(*queue.next(kStart), reply_of(429, "9", ""), kStart);
  EXPECT_EQ(queue.due(), kStart + 9s);
  queue.settle(*queue.next(kStart + 9s), reply_of(429, "86400", ""), kStart + 9s);
  EXPECT_EQ(queue.due(), kStart + 9s + DeliveryQueue::kRetryAfterMax);
}

TEST(DeliveryQueue, DropsWhatIsRefused) {
  DeliveryQueue queue(1, kStart);
  queue.add({"a", 7});
  queue.settle(*queue.next(kStart), reply_of(400, "", "no"), kStart);
  EXPECT_TRUE(queue.is_idle());
  EXPECT_EQ(queue.dropped(), 7u);
  EXPECT_EQ(queue.sent(), 0u);
  EXPECT_EQ(queue.last_failure(), "status 400: no");
}

TEST(DeliveryQueue, GivesTheBodyBackOfWhatIsNotSentAgain) {
  DeliveryQueue queue(1, kStart);
  for (const char* const body : {"a", "b", "c"}) queue.add({body, 1});
  EXPECT_EQ(queue.settle(*queue.next(kStart), kArrived, kStart), "a");
  EXPECT_EQ(queue.settle(*queue.next(kStart), reply_of(400, "", "no"), kStart), "b");
  EXPECT_EQ(queue.settle(*queue.next(kStart), kUnavailable, kStart), "");
  auto attempt = queue.next(kStart + 1s);
  queue.drop_all("over");
  EXPECT_EQ(queue.settle(*std::move(attempt), kArrived, kStart + 1s), "c");
}

TEST(DeliveryQueue, GivesABatchUpThatTheServerAlwaysFailsAt) {
  DeliveryQueue queue(1, kStart);
  queue.add({"a", 7});
  lab::TimePoint now = kStart;
  for (unsigned i = 0; i < DeliveryQueue::kAnswersMax; ++i, now += 1h) {
    EXPECT_FALSE(queue.is_idle());
    queue.settle(*queue.next(now), kUnavailable, now);
  }
  EXPECT_TRUE(queue.is_idle());
  EXPECT_EQ(queue.dropped(), 7u);
}

TEST(DeliveryQueue, NeverGivesUpForWantOfAnAnswer) {
  DeliveryQueue queue(1, kStart);
  queue.add({"a", 7});
  lab::TimePoint now = kStart;
  for (unsigned i = 0; i < 10 * DeliveryQueue::kAnswersMax; ++i, now += 1h) {
    queue.settle(*queue.next(now), no_answer("connection refused"), now);
  }
  EXPECT_FALSE(queue.is_idle());
  EXPECT_EQ(queue.dropped(), 0u);
}

TEST(DeliveryQueue, HasRoomForSoManyBytesAlsoWhileTheyAreOnTheirWay) {
  DeliveryQueue queue(1, kStart);
  queue.add({std::string(DeliveryQueue::kBytesMax, 'x'), 1});
  EXPECT_FALSE(queue.has_room());
  auto attempt = queue.next(kStart);
  EXPECT_FALSE(queue.has_room());
  queue.settle(*std::move(attempt), kArrived, kStart);
  EXPECT_TRUE(queue.has_room());
}

TEST(DeliveryQueue, DropsAllAlsoWhatIsOnItsWay) {
  DeliveryQueue queue(1, kStart);
  queue.add({"a", 2});
  queue.add({"b", 3});
  auto attempt = queue.next(kStart);
  queue.drop_all("over");
  EXPECT_TRUE(queue.is_idle());
  EXPECT_EQ(queue.dropped(), 5u);
  // Its answer comes too late to count twice.
  queue.settle(*std::move(attempt), kArrived, kStart);
  EXPECT_EQ(queue.sent(), 0u);
  EXPECT_EQ(queue.last_failure(), "over");
}

}  // namespace
}  // namespace loader
