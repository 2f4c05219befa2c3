#include "loader/summary/html_parts.h"

#include <gtest/gtest.h>

#include "loader/summary/run_columns.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

/// Two phases of 7 and 40 seconds within columns of 4 seconds.
SummaryData two_phases() {
  SummaryData data{.duration = 49s};
  OverTime over_time{.window = 4s};
  over_time.series = {{.scenario = "s", .phase = "hold-5", .began = {}, .ended = 7500ms},
                      {.scenario = "s", .phase = "hold-20", .began = 7s, .ended = 49s}};
  over_time.series[0].at(0).requests = 20;
  over_time.series[0].at(1).requests = 15;
  for (std::size_t i = 1; i < 13; ++i) over_time.series[1].at(i).requests = i == 12 ? 30 : 70;
  data.over_time = over_time;
  return data;
}

std::string phases_of(const SummaryData& data) { return phases_table(*run_columns(data)); }

std::string row_of(const std::string& html, const std::string& name) {
  const std::size_t from = html.find("<tr><td>" + name);
  return from == std::string::npos ? html : html.substr(from, html.find("</tr>", from) - from);
}

bool has_cell(const std::string& row, const std::string& heading, const std::string& text) {
  return row.find("data-heading=\"" + heading + "\">" + text + "<") != std::string::npos;
}

TEST(PartsHtml, HaveRatesOfTheTimeThatThePlanGivesThem) {
  SummaryData data = two_phases();
  data.over_time->loads = {{"s", "hold-5", {0s, 7s}}, {"s", "hold-20", {7s, 47s}}};
  const std::string html = phases_of(data);
  const std::string slow = row_of(html, "hold-5");
  EXPECT_TRUE(has_cell(slow, "To", "0:07") && has_cell(slow, "per second", "5")) << slow;
  const std::string fast = row_of(html, "hold-20");
  EXPECT_TRUE(has_cell(fast, "From", "0:07") && has_cell(fast, "To", "0:47")) << fast;
  EXPECT_TRUE(has_cell(fast, "Requests", "800") && has_cell(fast, "per second", "20")) << fast;
}

TEST(PartsHtml, OfAPhaseThatComesTwiceHaveTheRateOfBothStretches) {
  SummaryData data = two_phases();
  data.over_time->loads = {{"s", "hold-20", {7s, 27s}}, {"s", "hold-20", {29s, 49s}}};
  const std::string row = row_of(phases_of(data), "hold-20");
  EXPECT_TRUE(has_cell(row, "To", "0:49") && has_cell(row, "per second", "20")) << row;
}

TEST(PartsHtml, WithoutAPlanLastFromTheFirstRequestToTheEndOfTheLast) {
  SummaryData data = two_phases();
  EXPECT_TRUE(has_cell(row_of(phases_of(data), "hold-5"), "per second", "4.67"));
  // Older files have columns only.
  for (RequestSeries& series : data.over_time->series) series.began = series.ended = {};
  EXPECT_TRUE(has_cell(row_of(phases_of(data), "hold-5"), "per second", "4.38"));
}

}  // namespace
}  // namespace loader
