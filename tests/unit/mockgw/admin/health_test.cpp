#include "mockgw/answer/health.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using Status = HealthConfig::Status;

CircuitSnapshot in_state(CircuitState state) {
  CircuitSnapshot snapshot;
  snapshot.state = state;
  return snapshot;
}

TEST(HealthReport, ABreakerThatIsNotClosedDegradesTheGateway) {
  EXPECT_EQ(report_of({}).status, Status::healthy);
  EXPECT_EQ(report_of({{"a", in_state(CircuitState::closed)}}).status, Status::healthy);
  const HealthReport report = report_of({{"a", in_state(CircuitState::closed)},
                                         {"b", in_state(CircuitState::half_open)},
                                         {"c", in_state(CircuitState::open)}});
  EXPECT_EQ(report.status, Status::degraded);
  EXPECT_EQ(report.upstreams[0].second, Status::healthy);
  EXPECT_EQ(report.upstreams[1].second, Status::degraded);
  EXPECT_EQ(report.upstreams[2].second, Status::unhealthy);
}

TEST(HealthAnswer, TheDocumentedStyleNamesTheUpstreams) {
  const HealthReport report = report_of({{"openai", in_state(CircuitState::open)}});
  const HealthAnswer answer = health_answer(HealthStyle::documented, report, {});
  EXPECT_EQ(answer.status, 200u);
  const lab::Json body = lab::Json::parse(answer.body);
  EXPECT_EQ(body["status"], "degraded");
  EXPECT_EQ(body["components"],
            (lab::Json::array({{{"name", "openai"}, {"status", "unhealthy"}}})));
  EXPECT_EQ(body["health_score"], 0.5);
}

TEST(HealthAnswer, WithoutBreakersThereIsOneUpstream) {
  const HealthAnswer answer =
      health_answer(HealthStyle::documented, {.status = Status::unhealthy}, {});
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(lab::Json::parse(answer.body)["components"][0]["status"], "unhealthy");
}

TEST(HealthAnswer, TheDocumentedStyleIsUnavailableWhenUnhealthyOrUnknown) {
  struct Row {
    Status status;
    unsigned code;
    const char* word;
  };
  for (const Row& row :
       {Row{Status::healthy, 200, "healthy"}, Row{Status::degraded, 200, "degraded"},
        Row{Status::unhealthy, 503, "unhealthy"}, Row{Status::unknown, 503, "unknown"}}) {
    const HealthAnswer answer = health_answer(HealthStyle::documented, {.status = row.status}, {});
    EXPECT_EQ(answer.status, row.code) << row.word;
    EXPECT_EQ(lab::Json::parse(answer.body)["status"], row.word);
  }
}

TEST(HealthAnswer, TheOtherStylesSayLess) {
  const HealthReport degraded{.status = Status::degraded};
  EXPECT_EQ(lab::Json::parse(health_answer(HealthStyle::simple, degraded, {}).body)["status"],
            "degraded");
  EXPECT_EQ(health_answer(HealthStyle::text, degraded, {}).body, "I'm alive!");
  EXPECT_EQ(health_answer(HealthStyle::empty, degraded, {}).body, "");
}

}  // namespace
}  // namespace mockgw
