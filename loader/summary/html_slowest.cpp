#include "loader/summary/html_slowest.h"

#include <algorithm>
#include <vector>

#include "loader/summary/html_errors.h"
#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

struct SlowRequest {
  const RequestSeries* of = nullptr;
  std::size_t column = 0;

  [[nodiscard]] const RequestWindow& window() const { return *of->find(column); }
  [[nodiscard]] double milliseconds() const { return window().succeeded.max(); }
};

std::vector<SlowRequest> slowest_requests(const OverTime& over_time) {
  std::vector<SlowRequest> all;
  for (const RequestSeries& series : over_time.series) {
    for (std::size_t i = series.first; i < series.end(); ++i) {
      if (!series.find(i)->slowest.empty()) all.push_back({&series, i});
    }
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &SlowRequest::milliseconds);
  all.resize(std::min(all.size(), kSlowestShown));
  return all;
}

}  // namespace

std::string slowest_html(const RunColumns& columns) {
  const std::vector<SlowRequest> requests = slowest_requests(columns.over_time);
  if (requests.empty()) return {};
  const auto has = [&](std::string RequestSeries::* name) {
    return std::ranges::any_of(
        requests, [&](const SlowRequest& request) { return !(request.of->*name).empty(); });
  };
  struct Column {
    std::string heading;
    std::string RequestSeries::* name;
  };
  std::vector<Column> names{{"Model", &RequestSeries::model},
                            {"Scenario", &RequestSeries::scenario},
                            {"Phase", &RequestSeries::phase}};
  std::erase_if(names, [&](const Column& column) { return !has(column.name); });
  std::vector<std::string> headings{"#Took", "#Ended"};
  for (const Column& column : names) headings.push_back(column.heading);
  headings.emplace_back("Request");
  HtmlTable table(headings, "rows");
  for (const SlowRequest& request : requests) {
    std::vector<HtmlCell> cells{number_cell(format_milliseconds(request.milliseconds(), "")),
                                number_cell(clock_span(columns.axis.from(request.column),
                                                       columns.axis.to(request.column)))};
    for (const Column& column : names) cells.push_back(text_cell(request.of->*column.name));
    cells.push_back({html_request_id(request.window().slowest)});
    table.add(cells);
  }
  return "<p class=\"sub\">Of the good answers to each model, the slowest of a stretch of time, by "
         "its X-Request-ID.</p>\n" +
         table.html();
}

}  // namespace loader
