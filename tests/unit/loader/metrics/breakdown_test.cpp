#include "loader/metrics/breakdown.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace loader {
namespace {

using B = BuiltinMetrics;
using std::chrono::seconds;

struct Broken {
  MetricRegistry registry;
  TagTable tags;
  Breakdown breakdown{registry, tags};

  void add(MetricId metric, double value,
           const std::vector<std::pair<std::string, std::string>>& set, int second) {
    breakdown.add({metric, tags.intern(set), value, lab::TimePoint(seconds(second))});
  }
  /// "scenario a, phase a/hold-5, group ::chat".
  [[nodiscard]] std::string names() const {
    std::string text;
    for (const Breakdown::Part* const part : breakdown.parts()) {
      if (!text.empty()) text += ", ";
      if (part->kind == Breakdown::Kind::scenario) text += "scenario " + part->name;
      if (part->kind == Breakdown::Kind::phase)
        text += "phase " + part->scenario + "/" + part->name;
      if (part->kind == Breakdown::Kind::group) text += "group " + part->name;
    }
    return text;
  }
};

TEST(Breakdown, ASampleCountsForEachPartThatItsTagsName) {
  Broken run;
  run.add(B::http_reqs, 1, {{"scenario", "a"}, {"phase", "hold-5"}, {"group", "::chat"}}, 1);
  run.add(B::http_reqs, 1, {{"scenario", "a"}, {"phase", "ramp-up-9"}, {"group", ""}}, 2);
  run.add(B::http_reqs, 1, {{"scenario", "b"}}, 3);
  run.add(B::vus, 5, {}, 3);
  EXPECT_EQ(run.names(), "scenario a, scenario b, phase a/hold-5, phase a/ramp-up-9, group ::chat");
  const auto parts = run.breakdown.parts();
  EXPECT_EQ(parts[0]->metrics.counter(B::http_reqs).sum, 2);
  EXPECT_EQ(parts[1]->metrics.counter(B::http_reqs).sum, 1);
  EXPECT_EQ(parts[2]->metrics.counter(B::http_reqs).sum, 1);
  EXPECT_FALSE(parts[1]->metrics.has_samples(B::vus));
}

TEST(Breakdown, PhasesOfTheSameNameBelongToTheirScenarios) {
  Broken run;
  run.add(B::http_reqs, 1, {{"scenario", "b"}, {"phase", "hold-5"}}, 1);
  run.add(B::http_reqs, 1, {{"scenario", "a"}, {"phase", "hold-5"}}, 1);
  EXPECT_EQ(run.names(), "scenario a, scenario b, phase a/hold-5, phase b/hold-5");
}

TEST(Breakdown, KnowsWhenAPartWasAndCountsItsChecks) {
  Broken run;
  const std::vector<std::pair<std::string, std::string>> set{{"scenario", "a"}, {"check", "ok"}};
  run.add(B::checks, 1, set, 4);
  run.add(B::checks, 0, set, 9);
  const Breakdown::Part& part = *run.breakdown.parts()[0];
  EXPECT_EQ(part.last - part.first, seconds(5));
  EXPECT_EQ(part.checks.at("ok").passes, 1u);
  EXPECT_EQ(part.checks.at("ok").fails, 1u);
}

TEST(Breakdown, ThreadsAddUpWhateverTheirTagTables) {
  Broken one;
  // Another order of sets, so that the numbers of the two tables do not mean the same.
  (void)one.tags.intern({{"scenario", "z"}});
  one.add(B::http_reqs, 1, {{"scenario", "a"}}, 5);
  TagTable tags;
  Breakdown other(one.registry, tags);
  other.add({B::http_reqs, tags.intern({{"scenario", "a"}}), 1, lab::TimePoint(seconds(2))});
  other.add({B::http_reqs, tags.intern({{"scenario", "b"}}), 1, lab::TimePoint(seconds(1))});
  one.breakdown.merge(other);
  EXPECT_EQ(one.names(), "scenario b, scenario a");
  const Breakdown::Part& a = *one.breakdown.parts()[1];
  EXPECT_EQ(a.metrics.counter(B::http_reqs).sum, 2);
  EXPECT_EQ(a.last - a.first, seconds(3));
}

TEST(Breakdown, IsBounded) {
  Broken run;
  for (std::size_t i = 0; i < Breakdown::kPartsMax + 10; ++i) {
    run.add(B::http_reqs, 1, {{"scenario", "s" + std::to_string(i)}}, 1);
  }
  EXPECT_EQ(run.breakdown.parts().size(), Breakdown::kPartsMax);
}

}  // namespace
}  // namespace loader
