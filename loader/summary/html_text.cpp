#include "loader/summary/html_text.h"

#include "loader/summary/summary_format.h"
#include "shared/base/xml_text.h"

namespace loader {

std::string html_escaped(std::string_view text) {
  return lab::xml_escaped(printable(text), lab::XmlApostrophe::escaped);
}

HtmlCell text_cell(std::string_view text) { return {html_escaped(text)}; }
HtmlCell number_cell(std::string_view text) { return {html_escaped(text), "n"}; }

std::string html_pill(std::string_view text, std::string_view css) {
  return "<span class=\"pill " + std::string(css) + "\">" + html_escaped(text) + "</span>";
}

std::string html_tile(std::string_view name, std::string_view value, std::string_view css) {
  return "<div class=\"tile" + (css.empty() ? "" : " " + std::string(css)) + "\"><b>" +
         html_escaped(value) + "</b><span>" + html_escaped(name) + "</span></div>\n";
}

HtmlTable::HtmlTable(const std::vector<std::string>& headings) {
  for (const std::string& heading : headings) {
    const bool is_number = heading.starts_with('#');
    head_ += is_number ? "<th class=\"n\">" : "<th>";
    head_ += html_escaped(std::string_view(heading).substr(is_number ? 1 : 0)) + "</th>";
  }
}

HtmlTable::HtmlTable(const std::vector<std::string>& headings, std::string_view css)
    : HtmlTable(headings) {
  css_ = " class=\"" + std::string(css) + "\"";
  for (const std::string& heading : headings) {
    names_.push_back(heading.substr(heading.starts_with('#') ? 1 : 0));
  }
}

void HtmlTable::add(const std::vector<HtmlCell>& cells) {
  body_ += "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    body_ += cells[i].css.empty() ? "<td" : "<td class=\"" + cells[i].css + "\"";
    if (i < names_.size() && !names_[i].empty()) {
      body_ += " data-heading=\"" + html_escaped(names_[i]) + "\"";
    }
    body_ += ">" + cells[i].html + "</td>";
  }
  body_ += "</tr>\n";
}

std::string HtmlTable::html() const {
  if (body_.empty()) return {};
  return "<div class=\"wide\"><table" + css_ + ">\n<thead><tr>" + head_ +
         "</tr></thead>\n<tbody>\n" + body_ + "</tbody>\n</table></div>\n";
}

std::string html_section(std::string_view title, const std::string& content) {
  if (content.empty()) return {};
  return "<section>\n<h2>" + html_escaped(title) + "</h2>\n" + content + "</section>\n";
}

std::string html_page(std::string_view title, std::string_view style, const std::string& content) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         html_escaped(title) + "</title>\n<style>" + std::string(style) +
         "</style>\n</head>\n<body>\n<main>\n" + content + "</main>\n</body>\n</html>\n";
}

}  // namespace loader
