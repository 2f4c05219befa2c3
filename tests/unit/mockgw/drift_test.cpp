#include "mockgw/config/drift.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

DriftTerm term(DriftTerm::Kind kind, double percent, lab::Duration at, lab::Duration length = {}) {
  return {.kind = kind, .percent = percent, .at = at, .length = length};
}

TEST(Drift, WithoutTermsChangesNothing) { EXPECT_EQ(drift_factor({}, hours(5)), 1.0); }

TEST(Drift, LinearGrowsByPercentPerHourFromItsStart) {
  const Drift drift{term(DriftTerm::Kind::linear, 10, hours(1))};
  EXPECT_DOUBLE_EQ(drift_factor(drift, minutes(59)), 1.0);
  EXPECT_DOUBLE_EQ(drift_factor(drift, hours(2)), 1.1);
  EXPECT_DOUBLE_EQ(drift_factor(drift, hours(6)), 1.5);
}

TEST(Drift, StepStaysOnceReached) {
  const Drift drift{term(DriftTerm::Kind::step, 50, minutes(10))};
  EXPECT_DOUBLE_EQ(drift_factor(drift, minutes(10) - lab::Duration(1)), 1.0);
  EXPECT_DOUBLE_EQ(drift_factor(drift, minutes(10)), 1.5);
  EXPECT_DOUBLE_EQ(drift_factor(drift, hours(10)), 1.5);
}

TEST(Drift, RampRisesEvenlyThenStays) {
  const Drift drift{term(DriftTerm::Kind::ramp, 100, minutes(10), minutes(10))};
  EXPECT_DOUBLE_EQ(drift_factor(drift, minutes(15)), 1.5);
  EXPECT_DOUBLE_EQ(drift_factor(drift, minutes(20)), 2.0);
  EXPECT_DOUBLE_EQ(drift_factor(drift, hours(1)), 2.0);
}

TEST(Drift, SpikePasses) {
  const Drift drift{term(DriftTerm::Kind::spike, 400, minutes(10), minutes(1))};
  EXPECT_DOUBLE_EQ(drift_factor(drift, minutes(10)), 5.0);
  EXPECT_DOUBLE_EQ(drift_factor(drift, minutes(11)), 1.0);
}

TEST(Drift, TermsAddUpAndNeverGoBelowZero) {
  const Drift drift{term(DriftTerm::Kind::step, 50, {}), term(DriftTerm::Kind::step, 25, {})};
  EXPECT_DOUBLE_EQ(drift_factor(drift, {}), 1.75);
  const Drift sinking{term(DriftTerm::Kind::linear, -60, {})};
  EXPECT_DOUBLE_EQ(drift_factor(sinking, hours(5)), 0.0);
}

TEST(Drift, ReadsBackWhatItWrites) {
  const Drift drift{term(DriftTerm::Kind::linear, 10, hours(1)),
                    term(DriftTerm::Kind::ramp, 30, minutes(1), minutes(2)),
                    term(DriftTerm::Kind::spike, 400, minutes(3), minutes(1)),
                    term(DriftTerm::Kind::step, -20, minutes(9))};
  const lab::Json json = to_json(drift);
  lab::JsonProblems problems("test");
  EXPECT_EQ(read_drift(lab::JsonValue(json, "drift", problems)), drift);
  EXPECT_TRUE(problems.empty()) << problems.to_string();
}

TEST(Drift, RefusesATermOfTwoKinds) {
  const lab::Json json =
      lab::Json::parse(R"([{"linear":{"percent_per_hour":1},"step":{"percent":1,"at":"1s"}}])");
  lab::JsonProblems problems("test");
  (void)read_drift(lab::JsonValue(json, "drift", problems));
  EXPECT_NE(problems.to_string().find("drift[0]: takes one of"), std::string::npos)
      << problems.to_string();
}

}  // namespace
}  // namespace mockgw
