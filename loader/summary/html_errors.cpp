#include "loader/summary/html_errors.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "loader/summary/html_text.h"
#include "loader/summary/time_axis.h"

namespace loader {
namespace {

struct ErrorColumn {
  std::string_view heading;
  HtmlCell (*cell)(const ErrorTally& error);
};

HtmlCell message_cell(const ErrorTally& error) {
  std::string html = html_escaped(error.text);
  if (!error.message.empty()) {
    html += "<div class=\"sub\">" + html_escaped(error.message) + "</div>";
  }
  return {html, "message"};
}

constexpr ErrorColumn kErrorColumns[] = {
    {"Kind", [](const ErrorTally& error) { return text_cell(to_string(error.kind)); }},
    {"#Status",
     [](const ErrorTally& error) {
       return number_cell(error.status == 0 ? "" : std::to_string(error.status));
     }},
    {"Error", message_cell},
    {"#Count", [](const ErrorTally& error) { return number_cell(std::to_string(error.count)); }},
    {"Model", [](const ErrorTally& error) { return text_cell(error.model); }},
    {"Scenario", [](const ErrorTally& error) { return text_cell(error.scenario); }},
    {"Host", [](const ErrorTally& error) { return text_cell(error.host); }},
    {"#First", [](const ErrorTally& error) { return number_cell(clock_text(error.first)); }},
    {"#Last", [](const ErrorTally& error) { return number_cell(clock_text(error.last)); }},
    {"Example request",
     [](const ErrorTally& error) {
       return HtmlCell{error.request_id.empty() ? "" : html_request_id(error.request_id)};
     }},
};

}  // namespace

std::string html_request_id(std::string_view id) {
  return "<code class=\"id\">" + html_escaped(id) + "</code>";
}

std::string errors_html(const std::vector<ErrorTally>& errors) {
  if (errors.empty()) return {};
  std::vector<const ErrorColumn*> used;
  std::vector<std::string> headings;
  const bool has_one_host = std::ranges::adjacent_find(errors, std::ranges::not_equal_to(),
                                                       &ErrorTally::host) == errors.end();
  for (const ErrorColumn& column : kErrorColumns) {
    // The head has it.
    if (column.heading == "Host" && has_one_host) continue;
    if (std::ranges::all_of(errors,
                            [&](const ErrorTally& e) { return column.cell(e).html.empty(); })) {
      continue;
    }
    used.push_back(&column);
    headings.emplace_back(column.heading);
  }
  HtmlTable table(headings, "rows");
  for (const ErrorTally& error : errors) {
    std::vector<HtmlCell> cells;
    for (const ErrorColumn* const column : used) cells.push_back(column->cell(error));
    table.add(cells);
  }
  return "<p class=\"sub\">Times are since the start of the run, its setup included. The example "
         "is "
         "the first request that ended so, by its X-Request-ID.</p>\n" +
         table.html();
}

}  // namespace loader
