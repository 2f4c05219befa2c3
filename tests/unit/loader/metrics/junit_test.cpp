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

}  // namespace
}  // namespace loader
