#include "loader/summary/html_parts.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

/// A part, added up.
struct PartRow {
  std::string name{};
  RequestWindow total{};
  const Sketch* tokens_in = nullptr;
  const Sketch* tokens_out = nullptr;
  lab::Duration from{};
  lab::Duration to{};
  lab::Duration loaded{};  ///< Of that time; a phase may come more than once.
};

/// "" where a part has no such value.
struct PartColumn {
  std::string heading;
  std::function<std::string(const PartRow&)> text;
};

std::string milliseconds_at(const Sketch& sketch, double percent) {
  return sketch.empty() ? "" : format_milliseconds(sketch.percentile(percent), "");
}

PartColumn times_column(std::string heading, Sketch RequestWindow::* sketch, double percent) {
  return {std::move(heading),
          [=](const PartRow& row) { return milliseconds_at(row.total.*sketch, percent); }};
}

std::string per_second_of(const PartRow& row, std::uint64_t count) {
  const double seconds = lab::to_seconds(row.loaded);
  return count == 0 || seconds <= 0 ? "" : format_short(static_cast<double>(count) / seconds);
}

std::vector<PartColumn> part_columns() {
  using W = RequestWindow;
  return {
      {"From", [](const PartRow& row) { return clock_text(row.from); }},
      {"To", [](const PartRow& row) { return clock_text(row.to); }},
      {"Requests", [](const PartRow& row) { return std::to_string(row.total.requests); }},
      {"per second", [](const PartRow& row) { return per_second_of(row, row.total.requests); }},
      {"Failed",
       [](const PartRow& row) {
         return row.total.failed == 0 ? "" : std::to_string(row.total.failed);
       }},
      {"Failed share",
       [](const PartRow& row) {
         return row.total.failed == 0 ? "" : format_share(failed_share(row.total));
       }},
      times_column("Success p50", &W::succeeded, 50),
      times_column("p95", &W::succeeded, 95),
      times_column("p99", &W::succeeded, 99),
      times_column("Failure p95", &W::failed_after, 95),
      times_column("First token p50", &W::time_to_first_token, 50),
      times_column("First token p95", &W::time_to_first_token, 95),
      times_column("Inter-token p95", &W::inter_token, 95),
      {"Tokens out/s", [](const PartRow& row) { return per_second_of(row, row.total.tokens_out); }},
      {"Tokens in, out (mean)",
       [](const PartRow& row) {
         const auto mean = [](const Sketch& lengths) {
           return lengths.empty() ? std::string("–") : format_short(lengths.mean());
         };
         return row.tokens_in->empty() && row.tokens_out->empty()
                    ? std::string()
                    : mean(*row.tokens_in) + ", " + mean(*row.tokens_out);
       }},
  };
}

// By the plan; else by the requests. Older files know only the columns of these.
std::vector<TimeSpan> loads_of(const RunColumns& columns, const NamedSeries& part) {
  const RequestSeries& series = part.series;
  if (!part.loads.empty()) return part.loads;
  if (series.ended > series.began) return {{series.began, series.ended}};
  return {{columns.axis.from(series.first), columns.axis.to(series.end() - 1)}};
}

PartRow row_of_part(const RunColumns& columns, const NamedSeries& part) {
  PartRow row{.name = part.name,
              .total = part.series.total(),
              .tokens_in = &part.series.tokens_in,
              .tokens_out = &part.series.tokens_out};
  const std::vector<TimeSpan> loads = loads_of(columns, part);
  row.from = std::ranges::min(loads, {}, &TimeSpan::from).from;
  row.to = std::ranges::max(loads, {}, &TimeSpan::to).to;
  for (const TimeSpan& load : loads) row.loaded += load.to - load.from;
  return row;
}

std::string parts_html(const RunColumns& columns, std::string_view what,
                       const std::vector<NamedSeries>& parts) {
  if (parts.size() < 2) return {};
  std::vector<PartRow> rows;
  for (const NamedSeries& part : parts) {
    if (!part.series.windows.empty()) rows.push_back(row_of_part(columns, part));
  }
  std::vector<PartColumn> used = part_columns();
  std::erase_if(used, [&](const PartColumn& column) {
    // Models are there all along.
    const bool is_time = column.heading == "From" || column.heading == "To";
    return (is_time && what == "Model") ||
           std::ranges::all_of(rows, [&](const PartRow& row) { return column.text(row).empty(); });
  });
  std::vector<std::string> headings{std::string(what)};
  for (const PartColumn& column : used) headings.push_back("#" + column.heading);
  HtmlTable table(headings, "rows parts");
  for (const PartRow& row : rows) {
    std::vector<HtmlCell> cells{text_cell(row.name)};
    for (const PartColumn& column : used) {
      HtmlCell& cell = cells.emplace_back(number_cell(column.text(row)));
      if (column.heading.starts_with("Failed") && row.total.failed > 0) cell.css += " why";
    }
    table.add(cells);
  }
  return table.html();
}

/// What the part that a series or a load belongs to is called; empty: it is of none.
using PartName = std::function<std::string(const std::string& scenario, const std::string& phase)>;

// In the order of their first requests.
std::vector<NamedSeries> grouped(const OverTime& over_time, const PartName& part_name) {
  const auto name_of = [&](const auto& each) { return part_name(each.scenario, each.phase); };
  std::vector<NamedSeries> parts;
  for (const RequestSeries& each : over_time.series) {
    const std::string name = name_of(each);
    const auto has_name = [&](const NamedSeries& known) { return known.name == name; };
    if (name.empty() || std::ranges::any_of(parts, has_name)) continue;
    NamedSeries& part = parts.emplace_back(NamedSeries{
        name, over_time.sum([&](const RequestSeries& other) { return name_of(other) == name; })});
    for (const PlannedLoad& load : over_time.loads) {
      if (name_of(load) == name) part.loads.push_back(load.span);
    }
  }
  std::ranges::stable_sort(parts, {}, [](const NamedSeries& part) { return part.series.first; });
  return parts;
}

}  // namespace

std::string models_table(const RunColumns& columns) {
  return parts_html(columns, "Model", columns.models);
}

std::string scenarios_table(const RunColumns& columns) {
  return parts_html(
      columns, "Scenario",
      grouped(columns.over_time, [](const auto& scenario, const auto&) { return scenario; }));
}

std::string phases_table(const RunColumns& columns) {
  const auto& series = columns.over_time.series;
  const bool has_scenarios =
      std::ranges::adjacent_find(series, [](const RequestSeries& a, const RequestSeries& b) {
        return a.scenario != b.scenario && !a.phase.empty() && !b.phase.empty();
      }) != series.end();
  return parts_html(columns, "Phase",
                    grouped(columns.over_time, [&](const auto& scenario, const auto& phase) {
                      if (phase.empty()) return std::string();
                      return has_scenarios ? scenario + ": " + phase : phase;
                    }));
}

}  // namespace loader
