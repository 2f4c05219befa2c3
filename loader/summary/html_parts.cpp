#include "loader/summary/html_parts.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_parts.h"

namespace loader {
namespace {

/// A column: what it is called, and the value of a part ("" if it has none).
struct Column {
  std::string_view heading;
  std::string (*value)(const SummaryPart& part, const SummaryData& data);
};

std::string count_of(const SummaryPart& part, std::string_view name) {
  const SummaryMetric* const metric = find_metric(part.metrics, name);
  return metric == nullptr ? "" : format_plain(std::get<CounterValues>(metric->values).count);
}

std::string share_of(const SummaryPart& part, std::string_view name) {
  const SummaryMetric* const metric = find_metric(part.metrics, name);
  return metric == nullptr ? "" : format_share(std::get<RateValues>(metric->values).rate);
}

std::string stat_of(const SummaryPart& part, const SummaryData& data, std::string_view name,
                    std::string_view stat) {
  const SummaryMetric* const metric = find_metric(part.metrics, name);
  if (metric == nullptr) return "";
  const double value = std::get<TrendValues>(metric->values).stat(stat);
  return format_value(value, metric->kind, data.time_unit);
}

std::string requests_per_second(const SummaryPart& part, const SummaryData&) {
  const SummaryMetric* const metric = find_metric(part.metrics, "http_reqs");
  if (metric == nullptr || part.duration <= lab::Duration::zero()) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", std::get<CounterValues>(metric->values).rate);
  return text;
}

constexpr Column kColumns[] = {
    {"Iterations",
     [](const SummaryPart& p, const SummaryData&) { return count_of(p, "iterations"); }},
    {"Dropped",
     [](const SummaryPart& p, const SummaryData&) { return count_of(p, "dropped_iterations"); }},
    {"Requests", [](const SummaryPart& p, const SummaryData&) { return count_of(p, "http_reqs"); }},
    {"Requests/s", requests_per_second},
    {"Failed",
     [](const SummaryPart& p, const SummaryData&) { return share_of(p, "http_req_failed"); }},
    {"Checks", [](const SummaryPart& p, const SummaryData&) { return share_of(p, "checks"); }},
    {"Duration p50",
     [](const SummaryPart& p, const SummaryData& d) {
       return stat_of(p, d, "http_req_duration", "p(50)");
     }},
    {"p95", [](const SummaryPart& p,
               const SummaryData& d) { return stat_of(p, d, "http_req_duration", "p(95)"); }},
    {"p99", [](const SummaryPart& p,
               const SummaryData& d) { return stat_of(p, d, "http_req_duration", "p(99)"); }},
    {"First token p95",
     [](const SummaryPart& p, const SummaryData& d) {
       return stat_of(p, d, "llm_time_to_first_token", "p(95)");
     }},
};

std::string name_of(const SummaryPart& part, bool has_scenarios) {
  if (part.kind == Breakdown::Kind::group) return group_title(part.name);
  if (part.kind == Breakdown::Kind::phase && has_scenarios) return part.scenario + ": " + part.name;
  return part.name;
}

std::string kind_name(Breakdown::Kind kind) {
  switch (kind) {
    case Breakdown::Kind::scenario:
      return "Scenario";
    case Breakdown::Kind::phase:
      return "Phase";
    case Breakdown::Kind::group:
      break;
  }
  return "Group";
}

}  // namespace

std::string parts_table(const SummaryData& data, Breakdown::Kind kind) {
  std::vector<const SummaryPart*> parts;
  for (const SummaryPart& part : data.parts) {
    if (part.kind == kind) parts.push_back(&part);
  }
  const bool has_scenarios = std::any_of(parts.begin(), parts.end(), [&](const SummaryPart* part) {
    return part->scenario != parts.front()->scenario;
  });
  std::vector<std::string> headings{kind_name(kind)};
  std::vector<const Column*> columns;
  for (const Column& column : kColumns) {
    const bool is_used = std::any_of(parts.begin(), parts.end(), [&](const SummaryPart* part) {
      return !column.value(*part, data).empty();
    });
    if (!is_used) continue;
    headings.push_back("#" + std::string(column.heading));
    columns.push_back(&column);
  }
  HtmlTable table(headings);
  for (const SummaryPart* const part : parts) {
    std::vector<HtmlCell> cells{text_cell(name_of(*part, has_scenarios))};
    for (const Column* const column : columns) {
      cells.push_back(number_cell(column->value(*part, data)));
    }
    table.add(cells);
  }
  return table.html();
}

}  // namespace loader
