#include "loader/summary/summary_search.h"

#include <algorithm>
#include <cstdio>

#include "loader/summary/summary_format.h"
#include "loader/summary/summary_table.h"

namespace loader {
namespace {

std::string iterations(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + (count == 1 ? " iteration " : " iterations ") + std::string(what);
}

std::string observed_text(const MetricVerdict& metric, const ThresholdResult& result,
                          const SummaryData& data) {
  const std::string name = printable(metric.name) + " ";
  if (!result.observed) return name + result.source + ": no data";
  const auto found =
      std::find_if(data.metrics.begin(), data.metrics.end(),
                   [&](const SummaryMetric& known) { return known.name == metric.name; });
  const std::string value = found == data.metrics.end()
                                ? format_plain(*result.observed)
                                : format_observed(*result.observed, result.aggregation, found->type,
                                                  found->kind, data.time_unit);
  return name + result.aggregation + "=" + value;
}

}  // namespace

std::string search_rate(std::uint64_t rate, lab::Duration time_unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f iterations/s",
                static_cast<double>(rate) / lab::to_seconds(time_unit));
  return text;
}

std::string search_result(const SearchSummary& search) {
  const auto good = search.last_good();
  const auto bad = search.first_bad();
  const std::string early = search.is_over ? "" : " so far; the run ended before the search did";
  const auto rate = [&](std::uint64_t each) { return search_rate(each, search.time_unit); };
  if (!good && !bad) return "no level was carried through" + early;
  if (!good) return "no good level: " + rate(*bad) + ", its first, is too much" + early;
  const std::string found = rate(*good) + " is the last good level";
  if (bad) return found + ", " + rate(*bad) + " is too much" + early;
  return found + ", " + (search.is_over ? "and the search goes no further" : "none was bad") +
         early;
}

std::vector<SearchFact> search_facts(const SearchLevel& level, const SummaryData& data) {
  std::vector<SearchFact> facts;
  for (const MetricVerdict& metric : level.thresholds) {
    for (const ThresholdResult& result : metric.results) {
      facts.push_back({observed_text(metric, result, data), result.crossed});
    }
  }
  if (level.dropped > 0) {
    facts.push_back({iterations(level.dropped, "dropped, no virtual user was free"), true});
  }
  if (level.interrupted > 0) {
    facts.push_back({iterations(level.interrupted, "not over within gracefulStop"), true});
  }
  return facts;
}

std::vector<std::string> search_lines(const SearchSummary& search, const SummaryData& data,
                                      const ConsoleStyle& style) {
  std::vector<std::string> lines{std::string(kSummaryIndent) + style.bold(search.scenario) + ": " +
                                 search_result(search)};
  std::size_t width = 0;
  for (const SearchLevel& level : search.levels) {
    width = std::max(width, search_rate(level.rate, search.time_unit).size());
  }
  for (const SearchLevel& level : search.levels) {
    const std::string rate = search_rate(level.rate, search.time_unit);
    std::string line =
        std::string(kSummaryIndent) + (level.is_good() ? style.green("✓") : style.red("✗"));
    line += " " + padding(width, rate) + rate;
    for (const SearchFact& fact : search_facts(level, data)) {
      line += "  " + (fact.is_bad ? style.red(fact.text) : style.cyan(fact.text));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace loader
