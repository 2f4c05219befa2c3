#include "loader/summary/markdown_text.h"

#include "loader/summary/summary_format.h"
#include "shared/base/xml_text.h"

namespace loader {
namespace {

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

}  // namespace

std::string markdown_escaped(std::string_view text) {
  std::string out;
  for (const char c : lab::xml_escaped(printable(text))) {
    // A bar ends a table's cell even in code, unless it is written like this.
    if (c == '|') {
      out += "&#124;";
      continue;
    }
    constexpr std::string_view kMeaning = "\\`*_[]~#$";
    if (kMeaning.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  return "<code>" + markdown_escaped(text) + "</code>";
}

std::string markdown_block(std::string_view language, std::string_view lines) {
  // A fence is closed only by one that is at least as long.
  std::string fence = "```";
  while (lines.find(fence) != std::string_view::npos) fence += '`';
  return fence + std::string(language) + "\n" + std::string(lines) + fence + "\n";
}

std::string markdown_details(std::string_view title, const std::string& content) {
  // Without the empty lines GitHub shows the content as HTML.
  return "<details><summary>" + std::string(title) + "</summary>\n\n" + content + "\n</details>\n";
}

MarkdownTable::MarkdownTable(const std::vector<std::string>& headings) {
  std::vector<std::string> names;
  std::vector<std::string> rules;
  for (const std::string& heading : headings) {
    const bool is_number = heading.starts_with('#');
    names.push_back(heading.substr(is_number ? 1 : 0));
    rules.emplace_back(is_number ? "---:" : "---");
  }
  head_ = markdown_row(names) + markdown_row(rules);
}

void MarkdownTable::add(const std::vector<std::string>& cells) { rows_ += markdown_row(cells); }

std::string MarkdownTable::markdown() const { return rows_.empty() ? rows_ : head_ + rows_; }

}  // namespace loader
