// The little of HTML that the report is made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loader {

/// Text for between tags and for attribute values; control characters are made visible.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// A cell of a table. `html` is markup already, `css` the names of its classes.
struct HtmlCell {
  std::string html;
  std::string css{};
};
[[nodiscard]] HtmlCell text_cell(std::string_view text);
/// Aligned to the right.
[[nodiscard]] HtmlCell number_cell(std::string_view text);
/// "Passed", "Failed": a coloured word.
[[nodiscard]] std::string html_pill(std::string_view text, std::string_view css);
/// A number to be seen at a glance, and what it is; `css` is a class of its own.
[[nodiscard]] std::string html_tile(std::string_view name, std::string_view value,
                                    std::string_view css = {});

class HtmlTable {
 public:
  /// A heading that starts with '#' is that of numbers.
  explicit HtmlTable(const std::vector<std::string>& headings);
  /// A table of a class of its own, whose cells say what their heading is, so that a style sheet
  /// can lay out its rows otherwise where there is no room for columns.
  HtmlTable(const std::vector<std::string>& headings, std::string_view css);
  void add(const std::vector<HtmlCell>& cells);
  [[nodiscard]] std::string html() const;

 private:
  std::string css_;
  std::vector<std::string> names_;  ///< Of the columns, for cells that say them.
  std::string head_;
  std::string body_;
};

/// A section with its heading; nothing if there is no content.
[[nodiscard]] std::string html_section(std::string_view title, const std::string& content);
/// A whole page; `style` is a style sheet, `content` what is in its main part.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view style,
                                    const std::string& content);

}  // namespace loader
