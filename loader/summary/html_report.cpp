#include "loader/summary/html_report.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "loader/summary/html_distributions.h"
#include "loader/summary/html_errors.h"
#include "loader/summary/html_head.h"
#include "loader/summary/html_knee.h"
#include "loader/summary/html_over_time.h"
#include "loader/summary/html_parts.h"
#include "loader/summary/html_report_script.h"
#include "loader/summary/html_report_style.h"
#include "loader/summary/html_slowest.h"
#include "loader/summary/html_style.h"
#include "loader/summary/html_text.h"
#include "loader/summary/html_thresholds.h"
#include "loader/summary/run_columns.h"
#include "loader/summary/run_story.h"
#include "loader/summary/summary_blocks.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_search.h"

namespace loader {
namespace {

// ---- What the run came to at a glance

std::string trend_tile(const SummaryData& data, std::string_view metric, std::string_view name) {
  const SummaryMetric* const found = find_metric(data.metrics, metric);
  if (found == nullptr || !found->has_samples) return {};
  const auto p95 = std::get<TrendValues>(found->values).stat("p(95)");
  return p95 ? html_tile(name, format_value(*p95, found->kind, data.time_unit)) : std::string();
}

std::string rate_tile(const SummaryData& data, std::string_view metric, std::string_view name,
                      bool is_bad_above_zero) {
  const SummaryMetric* const found = find_metric(data.metrics, metric);
  if (found == nullptr || !found->has_samples) return {};
  const double rate = std::get<RateValues>(found->values).rate;
  return html_tile(name, format_share(rate), is_bad_above_zero && rate > 0 ? "bad-news" : "");
}

// All there is where no windows were kept: what succeeded and what failed is one.
std::string metric_tiles(const SummaryData& data) {
  std::string html;
  if (const SummaryMetric* const requests = find_metric(data.metrics, "http_reqs")) {
    const auto& values = std::get<CounterValues>(requests->values);
    html += html_tile("requests", format_plain(values.count)) +
            html_tile("requests/s", format_short(values.rate));
  }
  return html + rate_tile(data, "http_req_failed", "requests failed", true) +
         trend_tile(data, "http_req_duration", "duration of all requests, p95");
}

std::string request_tiles(const RunColumns& columns) {
  const RequestWindow total = columns.all.total();
  // Without them there is no share of failures.
  if (total.requests == 0) return html_tile("requests ended", "0");
  const double seconds = lab::to_seconds(columns.axis.end);
  std::string html =
      html_tile("requests", std::to_string(total.requests)) +
      html_tile("requests/s",
                format_short(static_cast<double>(total.requests) / std::max(seconds, 1e-9))) +
      html_tile("failed", format_share(failed_share(total)), total.failed > 0 ? "bad-news" : "");
  if (total.succeeded.empty()) {
    return html + html_tile("succeeded", "none", total.failed > 0 ? "bad-news" : "");
  }
  return html +
         html_tile("p95 of successes", format_milliseconds(total.succeeded.percentile(95), ""));
}

std::string stream_tiles(const RunColumns& columns) {
  const RequestWindow total = columns.all.total();
  std::string html;
  if (!total.time_to_first_token.empty()) {
    html += html_tile("first token, p95",
                      format_milliseconds(total.time_to_first_token.percentile(95), ""));
  }
  if (total.tokens_out == 0) return html;
  const double seconds = std::max(lab::to_seconds(columns.axis.end), 1e-9);
  return html +
         html_tile("tokens/s", format_short(static_cast<double>(total.tokens_out) / seconds));
}

std::string tiles(const SummaryData& data, const std::optional<RunColumns>& columns) {
  std::string html =
      columns ? request_tiles(*columns) + stream_tiles(*columns) : metric_tiles(data);
  html += rate_tile(data, "checks", "checks passed", false);
  return html.empty() ? html : "<div class=\"tiles\">\n" + html + "</div>\n";
}

std::string story(const SummaryData& data, const std::optional<RunColumns>& columns) {
  std::string html;
  for (const StorySentence& sentence : run_story(data, columns)) {
    html += std::string("<li") + (sentence.is_bad ? " class=\"bad-news\"" : "") + ">" +
            html_escaped(sentence.text);
    if (!sentence.request_id.empty()) {
      html +=
          " <span class=\"look-up\">Look up " + html_request_id(sentence.request_id) + "</span>";
    }
    html += "</li>\n";
  }
  return html.empty() ? html : "<ul class=\"story\">\n" + html + "</ul>\n";
}

// ---- Searches, checks

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

std::string html_report(const SummaryData& data) {
  const std::optional<RunColumns> columns = run_columns(data);
  const auto timed = [&](std::string_view title, std::string (*content)(const RunColumns&)) {
    return columns ? html_section(title, content(*columns)) : std::string();
  };
  std::string html = report_head(data) + html_section("What happened", story(data, columns));
  html += tiles(data, columns) + html_section("Thresholds", thresholds_html(data)) +
          html_section("The loader's own doubts", doubt_list(data)) +
          html_section("Errors", errors_html(data.errors));
  if (columns) html += html_section("Over time", over_time_html(data, *columns));
  html += timed("Slowest requests", slowest_html) + timed("More load", knee_html) +
          timed("Models", models_table) + timed("Scenarios", scenarios_table) +
          timed("Phases", phases_table) + html_section("Saturation", searches(data)) +
          html_section("Checks", checks(data)) + timed("Distributions", distributions_html) +
          html_section("Metrics", all_metrics(data)) + footer(data) + "<script>" +
          std::string(kHtmlReportScript) + "</script>\n";
  return html_page(report_title(data), std::string(kHtmlStyle) + std::string(kHtmlReportStyle),
                   html);
}

}  // namespace loader
