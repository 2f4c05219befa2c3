#include "loader/summary/summary_errors.h"

#include <algorithm>
#include <array>
#include <functional>

#include "loader/summary/summary_format.h"
#include "loader/summary/summary_table.h"

namespace loader {
namespace {

/// So much of a line is shown; terminals are seldom narrower.
constexpr std::size_t kLineWidth = 100;

std::string time_text(lab::Duration time) {
  return format_milliseconds(lab::to_milliseconds(time), "");
}

bool differ(const std::vector<ErrorTally>& errors, std::string ErrorTally::* member) {
  return std::ranges::adjacent_find(errors, std::ranges::not_equal_to(), member) != errors.end();
}

std::string shortened(const std::string& text, std::size_t width) {
  if (text_width(text) <= width) return text;
  std::string shown;
  std::size_t columns = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && ++columns == width) break;
    shown += c;
  }
  return shown + "…";
}

// Where and when, and what to look for.
std::string whereabouts(const ErrorTally& error, bool has_scenario, bool has_model) {
  std::string text;
  const auto add = [&text](const std::string& what) {
    text += (text.empty() ? "" : ", ") + printable(what);
  };
  if (!error.host.empty()) add(error.host);
  if (has_scenario && !error.scenario.empty()) add("scenario " + error.scenario);
  if (has_model && !error.model.empty()) add(error.model);
  if (error.first != error.last) {
    add("from " + time_text(error.first) + " to " + time_text(error.last));
  } else {
    add("at " + time_text(error.first));
  }
  if (!error.request_id.empty()) add("such as " + error.request_id);
  return text;
}

}  // namespace

std::vector<std::string> error_lines(const std::vector<ErrorTally>& errors,
                                     const ConsoleStyle& style) {
  if (errors.empty()) return {};
  std::size_t width = 0;
  for (const ErrorTally& error : errors) width = std::max(width, text_width(printable(error.text)));
  const bool has_scenario = differ(errors, &ErrorTally::scenario);
  const bool has_model = differ(errors, &ErrorTally::model);
  const std::string indent(kSummaryIndent);
  const std::string lead = indent + " ↳ ";
  std::vector<std::string> lines{indent + style.bold("ERRORS")};
  for (const ErrorTally& error : errors) {
    const std::string text = printable(error.text);
    lines.push_back(indent + style.red(text) + padding(width, text) + "  " +
                    std::to_string(error.count) + "×");
    std::string details = whereabouts(error, has_scenario, has_model);
    if (!error.message.empty()) details += ": " + printable(error.message);
    lines.push_back(lead + style.faint(shortened(details, kLineWidth - text_width(lead))));
  }
  lines.emplace_back();
  return lines;
}

ErrorColumns error_columns(const std::vector<ErrorTally>& errors) {
  struct Column {
    const char* heading;
    std::function<std::string(const ErrorTally&)> text;
  };
  const std::array<Column, 9> all{{
      {"Error", &ErrorTally::text},
      {"#Times", [](const ErrorTally& error) { return std::to_string(error.count); }},
      {"Says", &ErrorTally::message},
      {"Host", &ErrorTally::host},
      {"Scenario", &ErrorTally::scenario},
      {"Model", &ErrorTally::model},
      {"#First", [](const ErrorTally& error) { return time_text(error.first); }},
      {"#Last", [](const ErrorTally& error) { return time_text(error.last); }},
      {"Example", &ErrorTally::request_id},
  }};
  ErrorColumns columns;
  columns.rows.resize(errors.size());
  for (const Column& column : all) {
    if (std::ranges::all_of(errors, [&](const ErrorTally& e) { return column.text(e).empty(); })) {
      continue;
    }
    columns.headings.emplace_back(column.heading);
    for (std::size_t i = 0; i < errors.size(); ++i) {
      columns.rows[i].push_back(column.text(errors[i]));
    }
  }
  return columns;
}

}  // namespace loader
