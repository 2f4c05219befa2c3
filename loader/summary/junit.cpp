#include "loader/summary/junit.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "loader/summary/summary_format.h"
#include "loader/summary/summary_search.h"
#include "shared/base/xml_text.h"

namespace loader {
namespace {

struct Case {
  std::string class_name;
  std::string name;
  std::string body;  ///< XML inside the test case.
};

// Control characters have no form in XML 1.0 at all.
std::string junit_escaped(std::string_view text) { return lab::xml_escaped(printable(text)); }

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + junit_escaped(value) + "\"";
}

// "p(95)=612.5 is not within 'p(95)<500'"
std::string failure_message(const ThresholdResult& result) {
  if (!result.observed) return "no data for '" + result.source + "'";
  return result.aggregation + "=" + format_plain(*result.observed) + " is not within '" +
         result.source + "'";
}

std::vector<Case> threshold_cases(const SummaryData& data) {
  std::vector<Case> cases;
  for (const SummaryMetric& metric : data.metrics) {
    for (const ThresholdResult& result : metric.thresholds) {
      Case test{.class_name = metric.name, .name = result.source, .body = {}};
      if (result.crossed) {
        test.body = "<failure" + attribute("message", failure_message(result)) +
                    attribute("type", "threshold") + "/>";
      } else if (result.verdict == Verdict::no_data) {
        test.body = "<skipped message=\"no data\"/>";
      }
      cases.push_back(std::move(test));
    }
  }
  return cases;
}

// What goes red even where every threshold held on what there was.
void add_error_cases(const JunitRun& run, std::vector<Case>& cases) {
  for (const std::string& error : run.errors) {
    cases.push_back(
        {.class_name = "run",
         .name = "comes to its end",
         .body = "<error" + attribute("message", error) + attribute("type", "run") + "/>"});
  }
}

// A search is a test of its own: it fails if it finds no good level.
void add_search_cases(const SummaryData& data, std::vector<Case>& cases) {
  for (const SearchSummary& search : data.searches) {
    Case test{.class_name = "saturation search", .name = search.scenario, .body = {}};
    if (search.last_good()) {
      test.body = "<system-out>" + junit_escaped(search_result(search)) + "</system-out>";
    } else if (search.is_over) {
      test.body = "<failure" + attribute("message", search_result(search)) +
                  attribute("type", "saturation") + "/>";
    } else {
      test.body = "<skipped" + attribute("message", search_result(search)) + "/>";
    }
    cases.push_back(std::move(test));
  }
}

void collect_check_cases(const SummaryGroup& group, std::vector<Case>& cases) {
  for (const SummaryCheck& check : group.checks) {
    Case test{
        .class_name = group.path.empty() ? "checks" : group.path, .name = check.name, .body = {}};
    if (check.passes + check.fails == 0) {
      test.body = "<skipped message=\"never ran\"/>";
    } else {
      test.body = "<system-out>" + std::to_string(check.passes) + " passed, " +
                  std::to_string(check.fails) + " failed</system-out>";
    }
    cases.push_back(std::move(test));
  }
  for (const SummaryGroup& child : group.groups) collect_check_cases(child, cases);
}

std::size_t count_of(const std::vector<Case>& cases, std::string_view element) {
  std::size_t count = 0;
  for (const Case& test : cases) count += test.body.starts_with(element) ? 1 : 0;
  return count;
}

// What each <testsuite> says of the run.
struct SuiteTexts {
  std::string attributes;
  std::string properties;
};

std::string properties_xml(const SummaryData& data) {
  if (!data.simulation) return {};
  const auto property = [](std::string_view name, std::string_view value) {
    return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
  };
  return "    <properties>\n" + property("seed", std::to_string(data.simulation->seed)) +
         property("hash", data.simulation->hash) + "    </properties>\n";
}

std::string suite_xml(std::string_view name, const std::vector<Case>& cases,
                      const SuiteTexts& run) {
  std::string text = "  <testsuite" + attribute("name", name) +
                     attribute("tests", std::to_string(cases.size())) +
                     attribute("failures", std::to_string(count_of(cases, "<failure"))) +
                     attribute("errors", std::to_string(count_of(cases, "<error"))) +
                     attribute("skipped", std::to_string(count_of(cases, "<skipped"))) +
                     run.attributes + ">\n" + run.properties;
  for (const Case& test : cases) {
    text +=
        "    <testcase" + attribute("classname", test.class_name) + attribute("name", test.name);
    text += test.body.empty() ? "/>\n" : ">" + test.body + "</testcase>\n";
  }
  return text + "  </testsuite>\n";
}

}  // namespace

std::string junit_xml(const SummaryData& data, std::string_view suite_name, const JunitRun& run) {
  const SuiteTexts texts{
      .attributes = attribute("time", format_plain(lab::to_seconds(data.duration))) +
                    attribute("timestamp", lab::format_rfc3339(run.started)),
      .properties = properties_xml(data)};
  std::vector<Case> thresholds = threshold_cases(data);
  add_search_cases(data, thresholds);
  add_error_cases(run, thresholds);
  std::vector<Case> checks;
  collect_check_cases(data.root, checks);
  const std::string name(suite_name);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" +
         suite_xml(name + " thresholds", thresholds, texts) +
         suite_xml(name + " checks", checks, texts) + "</testsuites>\n";
}

}  // namespace loader
