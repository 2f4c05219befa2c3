#include "mockgw/overload/admission.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"
#include "tests/support/time_point.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using DecisionKind = Admission::Decision::Kind;
using Changes = Admission::Changes;
using Ids = std::vector<Admission::Id>;

using lab::test::at;

AdmissionConfig config_of(std::int64_t slots, std::int64_t queue) {
  AdmissionConfig config;
  config.max_concurrency = slots;
  config.queue_size = queue;
  return config;
}

Changes admitted(Ids ids) { return {std::move(ids), {}, {}}; }

TEST(Admission, WithoutALimitAdmitsEverything) {
  Admission admission{AdmissionConfig{}};
  for (Admission::Id id = 0; id < 1000; ++id) {
    EXPECT_EQ(admission.arrive(id, at(0s)).kind, DecisionKind::admitted);
  }
  EXPECT_EQ(admission.running(), 1000);
}

TEST(Admission, QueuesUpToItsSizeThenRejects) {
  Admission admission(config_of(1, 2));
  EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
  const Admission::Decision second = admission.arrive(2, at(1s));
  EXPECT_EQ(second.kind, DecisionKind::queued);
  EXPECT_EQ(second.deadline, at(11s));
  EXPECT_EQ(admission.arrive(3, at(1s)).kind, DecisionKind::queued);
  const Admission::Decision fourth = admission.arrive(4, at(1s));
  EXPECT_EQ(fourth.kind, DecisionKind::rejected);
  EXPECT_EQ(fourth.condition, ErrorCondition::queue_full);
  EXPECT_EQ(admission.leave(1, at(2s)), admitted({2}));
  EXPECT_EQ(admission.waiting(), 1);
}

TEST(Admission, WithoutAQueueTheConcurrencyIsTheLimit) {
  Admission admission(config_of(1, 0));
  EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
  EXPECT_EQ(admission.arrive(2, at(0s)).condition, ErrorCondition::concurrency_limited);
  EXPECT_EQ(admission.leave(1, at(1s)), Changes{});
  EXPECT_EQ(admission.arrive(3, at(1s)).kind, DecisionKind::admitted);
}

TEST(Admission, OrdersByDiscipline) {
  struct Row {
    AdmissionConfig::Discipline discipline;
    Ids expected;
  };
  const Row rows[] = {
      {AdmissionConfig::Discipline::fifo, {2, 3, 4, 5}},
      {AdmissionConfig::Discipline::lifo, {5, 4, 3, 2}},
      // Higher first, equals in order of arrival.
      {AdmissionConfig::Discipline::priority, {3, 5, 2, 4}},
  };
  for (const Row& row : rows) {
    AdmissionConfig config = config_of(1, 10);
    config.discipline = row.discipline;
    Admission admission(config);
    EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
    EXPECT_EQ(admission.arrive(2, at(0s), 0).kind, DecisionKind::queued);
    EXPECT_EQ(admission.arrive(3, at(0s), 7).kind, DecisionKind::queued);
    EXPECT_EQ(admission.arrive(4, at(0s), -1).kind, DecisionKind::queued);
    EXPECT_EQ(admission.arrive(5, at(0s), 7).kind, DecisionKind::queued);
    Ids order;
    for (Admission::Id running = 1; order.size() < 4; running = order.back()) {
      const Changes changes = admission.leave(running, at(1s));
      ASSERT_EQ(changes.admitted.size(), 1U);
      order.push_back(changes.admitted.front());
    }
    EXPECT_EQ(order, row.expected);
  }
}

TEST(Admission, TimesOutWhoWaitedTooLong) {
  AdmissionConfig config = config_of(1, 10);
  config.queue_timeout = 5s;
  Admission admission(config);
  EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
  EXPECT_EQ(admission.next_deadline(), std::nullopt);
  EXPECT_EQ(admission.arrive(2, at(1s)).kind, DecisionKind::queued);
  EXPECT_EQ(admission.arrive(3, at(2s)).kind, DecisionKind::queued);
  EXPECT_EQ(admission.arrive(4, at(3s)).kind, DecisionKind::queued);
  EXPECT_EQ(admission.next_deadline(), at(6s));
  EXPECT_EQ(admission.expire(at(6s - 1ns)), Changes{});
  EXPECT_EQ(admission.expire(at(6s)), (Changes{{}, {2}, {}}));
  // A slot that frees at the deadline comes too late for 3.
  EXPECT_EQ(admission.leave(1, at(7s)), (Changes{{4}, {3}, {}}));
  EXPECT_EQ(admission.next_deadline(), std::nullopt);
}

TEST(Admission, WaitsForEverWhenAsked) {
  AdmissionConfig config = config_of(1, 10);
  config.queue_timeout = 0s;
  Admission admission(config);
  EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
  EXPECT_EQ(admission.arrive(2, at(0s)).deadline, lab::kNoDeadline);
  EXPECT_EQ(admission.next_deadline(), std::nullopt);
  EXPECT_EQ(admission.expire(at(24h * 1000)), Changes{});
}

TEST(Admission, AClientThatLeavesTheQueueMakesRoomInIt) {
  Admission admission(config_of(1, 1));
  EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
  EXPECT_EQ(admission.arrive(2, at(0s)).kind, DecisionKind::queued);
  EXPECT_EQ(admission.leave(2, at(1s)), Changes{});
  EXPECT_EQ(admission.leave(99, at(1s)), Changes{});
  EXPECT_EQ(admission.arrive(3, at(1s)).kind, DecisionKind::queued);
  EXPECT_EQ(admission.leave(1, at(2s)), admitted({3}));
}

TEST(Admission, WaitingWhenFullGoesBeyondTheQueue) {
  AdmissionConfig config = config_of(1, 1);
  config.when_full = AdmissionConfig::WhenFull::wait;
  Admission admission(config);
  EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
  for (Admission::Id id = 2; id < 50; ++id) {
    EXPECT_EQ(admission.arrive(id, at(0s)).kind, DecisionKind::queued);
  }
}

TEST(Admission, TheReferenceGatewaysPermitsAddUp) {
  AdmissionConfig config = config_of(2, 3);
  config.permits_bug_compat = true;
  Admission admission(config);
  for (Admission::Id id = 1; id <= 5; ++id) {
    EXPECT_EQ(admission.arrive(id, at(0s)).kind, DecisionKind::admitted) << id;
  }
  EXPECT_EQ(admission.arrive(6, at(0s)).condition, ErrorCondition::concurrency_limited);
}

TEST(Admission, CodelShedsAQueueThatStands) {
  AdmissionConfig config = config_of(1, 1000);
  config.shed = AdmissionConfig::Shed::codel;
  config.codel = {.target = 5ms, .interval = 100ms};
  Admission admission(config);
  for (Admission::Id id = 1; id <= 40; ++id) {
    EXPECT_NE(admission.arrive(id, at(0s)).kind, DecisionKind::rejected);
  }
  // Each request runs 10 ms. For an interval after the first long wait nobody is shed.
  Admission::Id running = 1;
  lab::Duration now = 0s;
  while (now < 110ms - 10ms) {
    now += 10ms;
    const Changes changes = admission.leave(running, at(now));
    EXPECT_TRUE(changes.shed.empty());
    running = changes.admitted.front();
  }
  EXPECT_EQ(running, 11U);
  // At 110 ms the wait has been above 5 ms since 10 ms.
  EXPECT_EQ(admission.leave(11, at(110ms)), (Changes{{13}, {}, {12}}));
  // The next is shed one interval later, not before.
  EXPECT_TRUE(admission.leave(13, at(120ms)).shed.empty());
  EXPECT_EQ(admission.leave(14, at(210ms)).shed, Ids{15});
}

TEST(CodelShedder, ShedsFasterTheLongerTheQueueStands) {
  CodelShedder codel({.target = 5ms, .interval = 100ms});
  EXPECT_FALSE(codel.sheds(50ms, at(0s)));
  EXPECT_TRUE(codel.sheds(50ms, at(100ms)));
  // Then after 100/√1, 100/√2 and 100/√3 ms.
  EXPECT_FALSE(codel.sheds(50ms, at(199ms)));
  EXPECT_TRUE(codel.sheds(50ms, at(200ms)));
  EXPECT_FALSE(codel.sheds(50ms, at(270ms)));
  EXPECT_TRUE(codel.sheds(50ms, at(271ms)));
  EXPECT_FALSE(codel.sheds(50ms, at(328ms)));
  EXPECT_TRUE(codel.sheds(50ms, at(329ms)));
  // One short wait ends it, and the interval begins again.
  EXPECT_FALSE(codel.sheds(4ms, at(330ms)));
  EXPECT_FALSE(codel.sheds(50ms, at(331ms)));
  EXPECT_FALSE(codel.sheds(50ms, at(430ms)));
  EXPECT_TRUE(codel.sheds(50ms, at(431ms)));
}

TEST(GradientLimit, GrowsWhileDurationsStayAndFallsWhenTheyGrow) {
  GradientLimit limit({.initial_limit = 20, .min_limit = 2}, 50);
  EXPECT_EQ(limit.limit(), 20);
  // As usual: up by queue_size × smoothing a sample, to the maximum.
  for (int i = 0; i < 10; ++i) limit.on_sample(100ms, 20);
  EXPECT_EQ(limit.limit(), 28);
  for (int i = 0; i < 100; ++i) limit.on_sample(100ms, 50);
  EXPECT_EQ(limit.limit(), 50);
  // Within the tolerance nothing falls.
  limit.on_sample(149ms, 50);
  EXPECT_EQ(limit.limit(), 50);
  // Three times as long: half the limit wanted, a fifth of the way each time.
  limit.on_sample(300ms, 50);
  EXPECT_EQ(limit.limit(), 45);
  for (int i = 0; i < 100; ++i) limit.on_sample(1s, 50);
  EXPECT_LT(limit.limit(), 15);
  EXPECT_GE(limit.limit(), 2);
}

TEST(GradientLimit, LearnsNothingFromAnIdleGateway) {
  GradientLimit limit({.initial_limit = 20}, 50);
  for (int i = 0; i < 100; ++i) limit.on_sample(100ms, 3);
  EXPECT_EQ(limit.limit(), 20);
}

TEST(Admission, FollowsTheGradient) {
  AdmissionConfig config = config_of(10, 0);
  config.shed = AdmissionConfig::Shed::gradient;
  config.gradient = {.initial_limit = 2, .min_limit = 1};
  Admission admission(config);
  EXPECT_EQ(admission.arrive(1, at(0s)).kind, DecisionKind::admitted);
  EXPECT_EQ(admission.arrive(2, at(0s)).kind, DecisionKind::admitted);
  EXPECT_EQ(admission.arrive(3, at(0s)).kind, DecisionKind::rejected);
  EXPECT_EQ(admission.leave(1, at(1s)), Changes{});
  EXPECT_EQ(admission.arrive(4, at(1s)).kind, DecisionKind::admitted);
  EXPECT_EQ(admission.leave(2, at(1s)), Changes{});
  // Twice 0.8 more.
  EXPECT_EQ(admission.limit(), 3);
}

struct AdmissionReading {
  AdmissionConfig config;
  std::string problems;
};

AdmissionReading read_section(const std::string& text) {
  const lab::Json json = lab::parse_json(text, "g.json").value();
  lab::JsonProblems problems("g.json");
  AdmissionConfig config = read_admission(lab::JsonValue(json, "overload", problems).as_object());
  return {std::move(config), problems.to_string()};
}

TEST(AdmissionConfig, WritesBackWhatItRead) {
  const std::string text =
      R"({"max_concurrency":7,"queue_size":3,"queue_timeout":"2s","discipline":"lifo",)"
      R"("when_full":"wait","permits_bug_compat":true,"shed":"codel",)"
      R"("codel":{"target":"9ms","interval":"50ms"},"gradient":{"initial_limit":9,"min_limit":2,)"
      R"("queue_size":5,"tolerance":2.0,"smoothing":0.5},)"
      R"("server_model":{"batch":{"slots":8,"token_rate":400.0,"max_rate_per_request":80.0}}})";
  const AdmissionReading reading = read_section(text);
  EXPECT_EQ(reading.problems, "");
  EXPECT_EQ(to_json(reading.config).dump(), text);
  EXPECT_EQ(to_json(read_section(R"({"server_model":"fixed"})").config)["server_model"], "fixed");
}

TEST(AdmissionConfig, NamesWhatIsWrong) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {R"({"max_concurrency":-1})", "overload.max_concurrency"},
      {R"({"discipline":"random"})", "priority"},
      {R"({"shed":"gradient"})", "needs max_concurrency as its upper limit"},
      {R"({"codel":{"interval":"0s"}})", "interval must be longer than 0"},
      {R"({"gradient":{"tolerance":0.5}})", "overload.gradient.tolerance"},
      {R"({"server_model":"batch"})", "write \"fixed\" or {\"batch\""},
      {R"({"server_model":{"batch":{"slots":0}}})", "overload.server_model.batch.slots"},
      {R"({"server_model":{"batch":{"token_rate":0}}})", "overload.server_model.batch.token_rate"},
      {R"({"queue":5})", "queue"},
  };
  for (const Row& row : rows) {
    const std::string problems = read_section(row.text).problems;
    EXPECT_NE(problems.find(row.expected), std::string::npos) << row.text << "\n" << problems;
  }
}

}  // namespace
}  // namespace mockgw
