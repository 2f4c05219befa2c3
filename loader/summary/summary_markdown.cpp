#include "loader/summary/summary_markdown.h"

#include <algorithm>
#include <array>

#include "loader/summary/markdown_text.h"
#include "loader/summary/run_columns.h"
#include "loader/summary/run_ending.h"
#include "loader/summary/run_story.h"
#include "loader/summary/summary_blocks.h"
#include "loader/summary/summary_errors.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_search.h"
#include "loader/summary/threshold_margin.h"

namespace loader {
namespace {

// What people ask of a gateway first.
constexpr auto kKeyMetrics = std::to_array<std::string_view>(
    {"http_reqs", "http_req_failed", "http_req_duration", "llm_success_rate", "llm_response_time",
     "llm_time_to_first_token", "llm_inter_token_latency", "llm_tokens_per_second",
     "llm_streaming_success", "dropped_iterations"});

std::string section(std::string_view title, const std::string& content) {
  return content.empty() ? content : "\n### " + std::string(title) + "\n\n" + content;
}

std::string gateway_line(const RunFacts& run) {
  if (run.is_simulated()) {
    return "\n**SIMULATED**: no real gateway was asked; the answers are those of " +
           markdown_code(run.gateway) + " within the program, and time is virtual.\n";
  }
  return run.url.empty() ? "" : "\nGateway: " + markdown_code(run.url) + "\n";
}

std::string headline(const SummaryData& data) {
  const RunFacts& run = data.facts;
  // k6's summaries don't say when they began.
  std::string took =
      run.started.empty() ? took_text(data) : "Started " + run.started + ", " + took_text(data);
  if (run.started.empty()) took[0] = 'T';
  std::string text = "## " + std::string(run.has_failed() ? "❌ " : "✅ ") +
                     markdown_escaped(run.suite) +
                     (!run.has_failed() && !run.exit_code ? ": " : " ") + outcome_text(run) +
                     "\n\n" + markdown_escaped(took + ".") + "\n";
  text += gateway_line(run);
  if (!run.errors.empty()) text += "\n";
  for (const std::string& error : run.errors) {
    const bool is_of_run = std::ranges::find(run.run_errors, error) != run.run_errors.end();
    text += (is_of_run ? "- **Error:** " : "- ") + markdown_escaped(error) + "\n";
  }
  return text;
}

// As the HTML report tells it.
std::string story_rows(const SummaryData& data) {
  std::string text;
  for (const StorySentence& sentence : run_story(data, run_columns(data))) {
    text += "- " + markdown_escaped(sentence.text);
    if (!sentence.request_id.empty()) text += " Look up " + markdown_code(sentence.request_id);
    text += "\n";
  }
  return text;
}

// ---- Thresholds

void add_thresholds(MarkdownTable& table, const SummaryData& data, bool are_crossed) {
  for (const SummaryMetric& metric : data.metrics) {
    for (const ThresholdResult& result : metric.thresholds) {
      if (result.crossed != are_crossed) continue;
      const bool is_unknown = result.verdict == Verdict::no_data && !result.crossed;
      table.add({result.crossed ? "❌"
                 : is_unknown   ? "➖"
                                : "✅",
                 markdown_code(metric.name), markdown_code(result.source),
                 result.observed
                     ? markdown_escaped(format_observed(*result.observed, result.aggregation,
                                                        metric.type, metric.kind, data.time_unit))
                     : markdown_escaped(missing_value_text(result)),
                 margin_text(metric, result, data.time_unit)});
    }
  }
}

// What is crossed comes first.
std::string threshold_rows(const SummaryData& data) {
  MarkdownTable table({"", "Metric", "Threshold", "#Observed", "#Margin"});
  add_thresholds(table, data, true);
  add_thresholds(table, data, false);
  return table.markdown();
}

std::string search_rows(const SummaryData& data) {
  std::string text;
  for (const SearchSummary& search : data.searches) {
    text += "- " + markdown_code(search.scenario) + ": " + markdown_escaped(search_result(search)) +
            "\n";
  }
  return text;
}

// ---- Checks and errors

void add_failed_checks(MarkdownTable& table, const SummaryGroup& group) {
  for (const SummaryCheck& check : group.checks) {
    if (check.fails == 0) continue;
    table.add({markdown_escaped(check.name), markdown_escaped(group_title(group.path)),
               std::to_string(check.passes), std::to_string(check.fails)});
  }
  for (const SummaryGroup& child : group.groups) add_failed_checks(table, child);
}

std::string failed_checks(const SummaryData& data) {
  MarkdownTable table({"Check", "Group", "#Passed", "#Failed"});
  add_failed_checks(table, data.root);
  return table.markdown();
}

std::string error_rows(const SummaryData& data) {
  const ErrorColumns columns = error_columns(data.errors);
  MarkdownTable table(columns.headings);
  for (const std::vector<std::string>& row : columns.rows) {
    std::vector<std::string> cells;
    for (const std::string& cell : row) cells.push_back(markdown_escaped(cell));
    table.add(cells);
  }
  return table.markdown();
}

std::string doubt_rows(const SummaryData& data) {
  std::string text;
  if (!data.self_doubt) return text;
  for (const std::string& line : doubt_lines(*data.self_doubt)) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == std::string::npos) continue;
    text += line.substr(0, indent) + "- " + markdown_escaped(line.substr(indent)) + "\n";
  }
  return text;
}

// ---- Metrics

/// Two tables: trends have a column for each statistic.
class MetricTables {
 public:
  explicit MetricTables(const SummaryData& data) : data_(data), trends_(trend_headings(data)) {}

  void add(const SummaryMetric& metric) {
    const bool is_trend = metric.type == MetricType::trend;
    std::vector<std::string> cells{markdown_code(metric.name)};
    for (const std::string& column : metric_columns(metric, data_)) {
      cells.push_back(markdown_escaped(column));
    }
    cells.resize(is_trend ? data_.trend_stats.size() + 1 : kOtherColumns);
    (is_trend ? trends_ : others_).add(cells);
  }
  [[nodiscard]] std::string markdown() const {
    const std::string trends = trends_.markdown();
    const std::string others = others_.markdown();
    return trends + (trends.empty() || others.empty() ? "" : "\n") + others;
  }

 private:
  static constexpr std::size_t kOtherColumns = 4;
  static std::vector<std::string> trend_headings(const SummaryData& data) {
    std::vector<std::string> headings{"Trend"};
    for (const std::string& stat : data.trend_stats) headings.push_back("#" + stat);
    return headings;
  }

  const SummaryData& data_;
  MarkdownTable trends_;
  MarkdownTable others_{{"Metric", "#Value", "#", "#"}};
};

std::string key_metrics(const SummaryData& data) {
  MetricTables tables(data);
  for (const std::string_view name : kKeyMetrics) {
    const SummaryMetric* const metric = find_metric(data.metrics, name);
    if (metric != nullptr && metric->has_samples) tables.add(*metric);
  }
  return tables.markdown();
}

std::string all_metrics_folded(const SummaryData& data) {
  MetricTables tables(data);
  for (const SummaryMetric& metric : data.metrics) {
    if (block_of(metric, SummaryMode::full) != SummaryBlock::none) tables.add(metric);
  }
  const std::string rows = tables.markdown();
  return rows.empty() ? rows : "\n" + markdown_details("All metrics", rows);
}

std::string simulation_line(const SummaryData& data) {
  if (!data.simulation) return {};
  return "\nSimulated with seed " + std::to_string(data.simulation->seed) + ", " +
         std::to_string(data.simulation->events) + " events, hash " +
         markdown_code(data.simulation->hash) + ".\n";
}

}  // namespace

std::string summary_markdown(const SummaryData& data) {
  return headline(data) + section("What happened", story_rows(data)) +
         section("Thresholds", threshold_rows(data)) +
         section("The loader's own doubts", doubt_rows(data)) +
         section("Saturation", search_rows(data)) + section("Failed checks", failed_checks(data)) +
         section("Errors", error_rows(data)) + section("Key metrics", key_metrics(data)) +
         all_metrics_folded(data) + simulation_line(data);
}

}  // namespace loader
