#include "loader/summary/junit.h"

#include <string>
#include <utility>
#include <vector>

#include "loader/summary/junit_suite.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_search.h"
#include "loader/summary/threshold_margin.h"

namespace loader {
namespace {

// "p(95)=612.5 is not within 'p(95)<500'"
std::string failure_message(const ThresholdResult& result) {
  if (!result.observed && result.verdict == Verdict::no_data) {
    return "no data for '" + result.source + "'";
  }
  if (!result.observed) return "'" + result.source + "' " + missing_value_text(result);
  return result.aggregation + "=" + format_plain(*result.observed) + " is not within '" +
         result.source + "'";
}

std::vector<JunitCase> threshold_cases(const SummaryData& data) {
  std::vector<JunitCase> cases;
  for (const SummaryMetric& metric : data.metrics) {
    for (const ThresholdResult& result : metric.thresholds) {
      JunitCase test{.class_name = metric.name, .name = result.source, .body = {}};
      if (result.crossed) {
        test.body = junit_failure(failure_message(result), "threshold");
      } else if (result.verdict == Verdict::no_data) {
        test.body = junit_skipped("no data");
      }
      cases.push_back(std::move(test));
    }
  }
  return cases;
}

// What goes red even where every threshold held on what there was.
void add_error_cases(const RunFacts& facts, std::vector<JunitCase>& cases) {
  for (const std::string& error : facts.run_errors) {
    cases.push_back(
        {.class_name = "run", .name = "comes to its end", .body = junit_error(error, "run")});
  }
}

// A search is a test of its own: it fails if it finds no good level.
void add_search_cases(const SummaryData& data, std::vector<JunitCase>& cases) {
  for (const SearchSummary& search : data.searches) {
    JunitCase test{.class_name = "saturation search", .name = search.scenario, .body = {}};
    if (search.last_good()) {
      test.body = junit_output({search_result(search)});
    } else if (search.is_over) {
      test.body = junit_failure(search_result(search), "saturation");
    } else {
      test.body = junit_skipped(search_result(search));
    }
    cases.push_back(std::move(test));
  }
}

void collect_check_cases(const SummaryGroup& group, std::vector<JunitCase>& cases) {
  for (const SummaryCheck& check : group.checks) {
    JunitCase test{
        .class_name = group.path.empty() ? "checks" : group.path, .name = check.name, .body = {}};
    if (check.passes + check.fails == 0) {
      test.body = junit_skipped("never ran");
    } else {
      test.body = junit_output(
          {std::to_string(check.passes) + " passed, " + std::to_string(check.fails) + " failed"});
    }
    cases.push_back(std::move(test));
  }
  for (const SummaryGroup& child : group.groups) collect_check_cases(child, cases);
}

}  // namespace

std::string junit_xml(const SummaryData& data) {
  std::string attributes = junit_attribute("time", format_plain(lab::to_seconds(data.duration)));
  // k6's summaries don't say it.
  if (!data.facts.started.empty()) attributes += junit_attribute("timestamp", data.facts.started);
  std::vector<std::pair<std::string, std::string>> properties;
  if (data.simulation) {
    properties = {{"seed", std::to_string(data.simulation->seed)}, {"hash", data.simulation->hash}};
  }
  std::vector<JunitCase> thresholds = threshold_cases(data);
  add_search_cases(data, thresholds);
  add_error_cases(data.facts, thresholds);
  std::vector<JunitCase> checks;
  collect_check_cases(data.root, checks);
  const std::string& name = data.facts.suite;
  return junit_document({{name + " thresholds", std::move(thresholds), attributes, properties},
                         {name + " checks", std::move(checks), attributes, properties}});
}

}  // namespace loader
