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

HtmlTable::HtmlTable(const std::vector<std::string>& headings) {
  for (const std::string& heading : headings) {
    const bool is_number = heading.starts_with('#');
    head_ += is_number ? "<th class=\"n\">" : "<th>";
    head_ += html_escaped(std::string_view(heading).substr(is_number ? 1 : 0)) + "</th>";
  }
}

void HtmlTable::add(const std::vector<HtmlCell>& cells) {
  body_ += "<tr>";
  for (const HtmlCell& cell : cells) {
    body_ += cell.css.empty() ? "<td>" : "<td class=\"" + cell.css + "\">";
    body_ += cell.html + "</td>";
  }
  body_ += "</tr>\n";
}

std::string HtmlTable::html() const {
  if (body_.empty()) return {};
  return "<div class=\"wide\"><table>\n<thead><tr>" + head_ + "</tr></thead>\n<tbody>\n" + body_ +
         "</tbody>\n</table></div>\n";
}

std::string html_section(std::string_view title, const std::string& content) {
  if (content.empty()) return {};
  return "<section>\n<h2>" + html_escaped(title) + "</h2>\n" + content + "</section>\n";
}

}  // namespace loader
