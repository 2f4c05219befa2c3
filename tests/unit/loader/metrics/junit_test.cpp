#include "loader/summary/junit.h"

#include "golden.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class Junit : public SummaryFixture {};

TEST_F(Junit, FailsTheCrossedThresholdsOnly) {
  expect_golden(junit_xml(bad_run(), "stress", lab::WallTime(std::chrono::seconds(1'700'000'000))),
                "junit-bad.xml");
}

TEST_F(Junit, SkipsWhatHasNoDataWhereThatIsAllowed) {
  threshold("llm_time_to_first_token", "p(95)<5000");
  const Metrics metrics(registry, tags);
  const auto report = evaluate_at_end(set, metrics, duration, NoDataPolicy::pass);
  const std::string xml =
      junit_xml(make_summary_data(metrics, report, {.duration = duration}), "s", {});
  EXPECT_NE(xml.find("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""), std::string::npos)
      << xml;
}

TEST_F(Junit, ASimulatedRunHasItsSeedAndHashAsProperties) {
  SummaryData data = good_run();
  data.simulation = {.seed = 7, .events = 100, .hash = "bab52519539c91f8"};
  const std::string xml = junit_xml(data, "s", {});
  EXPECT_NE(xml.find(">\n    <properties>\n      <property name=\"seed\" value=\"7\"/>\n"
                     "      <property name=\"hash\" value=\"bab52519539c91f8\"/>\n"
                     "    </properties>\n    <testcase"),
            std::string::npos)
      << xml;
}

TEST_F(Junit, ASearchIsATestCase) {
  SummaryData data;
  data.searches = {{.scenario = "good", .is_over = true, .levels = {{.rate = 10}}},
                   {.scenario = "bad", .is_over = true, .levels = {{.rate = 10, .dropped = 1}}},
                   {.scenario = "cut"}};
  const std::string xml = junit_xml(data, "s", {});
  EXPECT_NE(xml.find("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<failure message=\"no good level: 10.00 iterations/s"), std::string::npos);
}

}  // namespace
}  // namespace loader
