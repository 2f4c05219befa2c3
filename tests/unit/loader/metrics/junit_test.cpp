#include "loader/summary/junit.h"

#include "golden.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class Junit : public SummaryFixture {};

TEST_F(Junit, FailsTheCrossedThresholdsOnly) {
  SummaryData data = bad_run();
  data.facts = {.suite = "stress", .started = "2023-11-14T22:13:20Z"};
  expect_golden(junit_xml(data), "junit-bad.xml");
}

TEST_F(Junit, SkipsWhatHasNoDataWhereThatIsAllowed) {
  threshold("llm_time_to_first_token", "p(95)<5000");
  const Metrics metrics(registry, tags);
  const auto report = evaluate_at_end(set, metrics, duration, NoDataPolicy::pass);
  const std::string xml = junit_xml(make_summary_data(metrics, report, {.duration = duration}));
  EXPECT_NE(xml.find("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""), std::string::npos)
      << xml;
}

TEST_F(Junit, ASimulatedRunHasItsSeedAndHashAsProperties) {
  SummaryData data = good_run();
  data.simulation = {.seed = 7, .events = 100, .hash = "bab52519539c91f8"};
  const std::string xml = junit_xml(data);
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
  const std::string xml = junit_xml(data);
  EXPECT_NE(xml.find("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<failure message=\"no good level: 10.00 iterations/s"), std::string::npos);
}

TEST_F(Junit, ARunThatDidNotComeToItsEndIsRed) {
  SummaryData data = good_run();
  data.facts.run_errors = {"the run was interrupted", "a <flow> aborted"};
  const std::string xml = junit_xml(data);
  EXPECT_NE(xml.find("tests=\"5\" failures=\"0\" errors=\"2\" skipped=\"0\""), std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<testcase classname=\"run\" name=\"comes to its end\">"
                     "<error message=\"the run was interrupted\" type=\"run\"/></testcase>"),
            std::string::npos)
      << xml;
}

TEST_F(Junit, HoldsOnlyWhatXmlCan) {
  SummaryData data;
  data.root.checks = {{.name = "a\xEF\xBF\xBE\x01\x7f\xC2\x85"
                               "b\xff\xED\xA0\x80\xC0\xAF\xF0\x9F\x98\x80\xE2\x9C\x93\xF0"}};
  const std::string xml = junit_xml(data);
  EXPECT_NE(xml.find("\xF0\x9F\x98\x80\xE2\x9C\x93?\""), std::string::npos) << xml;
  for (const char* const bad :
       {"\xEF\xBF\xBE", "\x01", "\x7f", "\xC2\x85", "\xff", "\xED\xA0", "\xC0"}) {
    EXPECT_EQ(xml.find(bad), std::string::npos);
  }
}

}  // namespace
}  // namespace loader
