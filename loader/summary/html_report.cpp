#include "loader/summary/html_report.h"

#include <cstdio>
#include <string_view>

#include "loader/summary/html_chart.h"
#include "loader/summary/html_parts.h"
#include "loader/summary/html_style.h"
#include "loader/summary/html_text.h"
#include "loader/summary/summary_blocks.h"
#include "loader/summary/summary_errors.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_search.h"

namespace loader {
namespace {

// ---- What the run came to at a glance

std::string trend_tile(const SummaryData& data, std::string_view metric, std::string_view name) {
  const SummaryMetric* const found = find_metric(data.metrics, metric);
  if (found == nullptr || !found->has_samples) return {};
  const double p95 = std::get<TrendValues>(found->values).stat("p(95)");
  return html_tile(name, format_value(p95, found->kind, data.time_unit));
}

std::string rate_tile(const SummaryData& data, std::string_view metric, std::string_view name) {
  const SummaryMetric* const found = find_metric(data.metrics, metric);
  if (found == nullptr || !found->has_samples) return {};
  return html_tile(name, format_share(std::get<RateValues>(found->values).rate));
}

std::string tiles(const SummaryData& data) {
  std::string html;
  if (const SummaryMetric* const requests = find_metric(data.metrics, "http_reqs")) {
    const auto& values = std::get<CounterValues>(requests->values);
    char per_second[32];
    std::snprintf(per_second, sizeof per_second, "%.2f", values.rate);
    html += html_tile("requests", format_plain(values.count)) + html_tile("requests/s", per_second);
  }
  html += rate_tile(data, "http_req_failed", "requests failed");
  html += trend_tile(data, "http_req_duration", "request duration, p95");
  html += trend_tile(data, "llm_time_to_first_token", "first token, p95");
  html += rate_tile(data, "checks", "checks passed");
  return html.empty() ? html : "<div class=\"tiles\">\n" + html + "</div>\n";
}

std::string header(const SummaryData& data, const HtmlReportContext& context) {
  const bool passed = context.exit_code == 0;
  std::string html = "<header>\n<h1>" + html_escaped(context.suite) + "</h1>\n" +
                     html_pill(passed ? "Passed" : "Failed", passed ? "good" : "bad") +
                     "\n<div class=\"sub\">" +
                     html_escaped("Started " + lab::format_rfc3339(context.started) + ", took " +
                                  format_milliseconds(lab::to_milliseconds(data.duration), "") +
                                  ", exit code " + std::to_string(context.exit_code)) +
                     "</div>\n</header>\n";
  if (context.errors.empty()) return html;
  html += "<ul class=\"errors\">\n";
  for (const std::string& error : context.errors) html += "<li>" + html_escaped(error) + "</li>\n";
  return html + "</ul>\n";
}

// ---- Thresholds, searches, checks

std::string verdict_pill(const ThresholdResult& result) {
  if (result.verdict == Verdict::no_data) {
    return html_pill("no data", result.crossed ? "bad" : "none");
  }
  return result.crossed ? html_pill("failed", "bad") : html_pill("passed", "good");
}

std::string thresholds(const SummaryData& data) {
  HtmlTable table({"Metric", "Threshold", "#Observed", "Verdict"});
  for (const SummaryMetric& metric : data.metrics) {
    for (const ThresholdResult& result : metric.thresholds) {
      const std::string observed = result.observed
                                       ? format_observed(*result.observed, result.aggregation,
                                                         metric.type, metric.kind, data.time_unit)
                                       : "–";
      table.add({text_cell(metric.name),
                 {"<code>" + html_escaped(result.source) + "</code>"},
                 number_cell(observed),
                 {verdict_pill(result)}});
    }
  }
  return table.html();
}

std::string searches(const SummaryData& data) {
  std::string html;
  for (const SearchSummary& search : data.searches) {
    html += "<p><b>" + html_escaped(search.scenario) +
            "</b>: " + html_escaped(search_result(search)) + "</p>\n";
    HtmlTable table({"Rate", "#Iterations", "Measured", "Verdict"});
    for (const SearchLevel& level : search.levels) {
      std::string facts;
      for (const SearchFact& fact : search_facts(level, data)) {
        facts += "<div" + std::string(fact.is_bad ? " class=\"why\"" : "") + ">" +
                 html_escaped(fact.text) + "</div>";
      }
      table.add({text_cell(search_rate(level.rate, search.time_unit)),
                 number_cell(std::to_string(level.iterations)),
                 {facts},
                 {level.is_good() ? html_pill("good", "good") : html_pill("too much", "bad")}});
    }
    html += table.html();
  }
  return html;
}

void add_checks(HtmlTable& table, const SummaryGroup& group) {
  for (const SummaryCheck& check : group.checks) {
    const std::uint64_t total = check.passes + check.fails;
    const double share =
        total == 0 ? 0 : static_cast<double>(check.passes) / static_cast<double>(total);
    const std::string meter =
        "<span class=\"meter\"><i style=\"width:" + format_plain(share * 100) + "%\"></i></span>";
    table.add({text_cell(check.name),
               text_cell(group_title(group.path)),
               number_cell(std::to_string(check.passes)),
               number_cell(std::to_string(check.fails)),
               number_cell(total == 0 ? "never ran" : format_share(share)),
               {total == 0 ? std::string() : meter}});
  }
  for (const SummaryGroup& child : group.groups) add_checks(table, child);
}

std::string checks(const SummaryData& data) {
  HtmlTable table({"Check", "Group", "#Passed", "#Failed", "#Share", ""});
  add_checks(table, data.root);
  return table.html();
}

// ---- Everything that was measured

std::string distributions(const SummaryData& data) {
  if (data.distributions.empty()) return {};
  std::string html = "<div class=\"charts\">\n";
  for (const SummaryDistribution& each : data.distributions) {
    html += distribution_chart(each, data.time_unit);
  }
  return html + "</div>\n";
}

HtmlCell name_cell(const SummaryMetric& metric) {
  if (!is_submetric(metric)) return text_cell(metric.name);
  const std::string_view tags = std::string_view(metric.name).substr(parent_name(metric).size());
  return {"<span class=\"nest\">" + html_escaped(tags) + "</span>"};
}

std::string block_html(const SummaryData& data, SummaryBlock block) {
  std::vector<std::string> headings{"Trend"};
  for (const std::string& stat : data.trend_stats) headings.push_back("#" + stat);
  HtmlTable trends(headings);
  HtmlTable others({"Metric", "#Value", "#", "#"});
  for (const SummaryMetric& metric : data.metrics) {
    if (block_of(metric, SummaryMode::full) != block) continue;
    const bool is_trend = metric.type == MetricType::trend;
    std::vector<HtmlCell> cells{name_cell(metric)};
    for (const std::string& column : metric_columns(metric, data)) {
      cells.push_back(number_cell(column));
    }
    cells.resize(is_trend ? headings.size() : 4, HtmlCell{});
    (is_trend ? trends : others).add(cells);
  }
  return trends.html() + others.html();
}

std::string all_metrics(const SummaryData& data) {
  std::string html;
  for (const auto& [block, title] : kSummaryBlocks) {
    const std::string content = block_html(data, block);
    if (!content.empty()) html += "<h3>" + std::string(title) + "</h3>\n" + content;
  }
  return html;
}

std::string errors(const SummaryData& data) {
  const ErrorColumns columns = error_columns(data.errors);
  HtmlTable table(columns.headings);
  for (const std::vector<std::string>& row : columns.rows) {
    std::vector<HtmlCell> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool is_number = columns.headings[i].starts_with('#');
      cells.push_back(is_number ? number_cell(row[i]) : text_cell(row[i]));
    }
    table.add(cells);
  }
  return table.html();
}

std::string doubt_list(const SummaryData& data) {
  std::string html;
  if (!data.self_doubt) return html;
  for (const std::string& line : doubt_lines(*data.self_doubt)) {
    html += "<li>" + html_escaped(line) + "</li>\n";
  }
  return html.empty() ? html : "<ul>\n" + html + "</ul>\n";
}

std::string footer(const SummaryData& data) {
  std::string html;
  for (const std::string& note : data.notes) html += "<div>" + html_escaped(note) + "</div>\n";
  return html.empty() ? html : "<footer>\n" + html + "</footer>\n";
}

}  // namespace

std::string html_report(const SummaryData& data, const HtmlReportContext& context) {
  return html_page(context.suite, kHtmlStyle,
                   header(data, context) + tiles(data) +
                       html_section("Thresholds", thresholds(data)) +
                       html_section("The loader's own doubts", doubt_list(data)) +
                       html_section("Saturation", searches(data)) +
                       html_section("Checks", checks(data)) + html_section("Errors", errors(data)) +
                       html_section("Distributions", distributions(data)) +
                       html_section("Scenarios", parts_table(data, Breakdown::Kind::scenario)) +
                       html_section("Phases", parts_table(data, Breakdown::Kind::phase)) +
                       html_section("Groups", parts_table(data, Breakdown::Kind::group)) +
                       html_section("Metrics", all_metrics(data)) + footer(data));
}

}  // namespace loader
