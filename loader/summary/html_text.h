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

class HtmlTable {
 public:
  /// A heading that starts with '#' is that of numbers.
  explicit HtmlTable(const std::vector<std::string>& headings);
  void add(const std::vector<HtmlCell>& cells);
  [[nodiscard]] std::string html() const;

 private:
  std::string head_;
  std::string body_;
};

/// A section with its heading; nothing if there is no content.
[[nodiscard]] std::string html_section(std::string_view title, const std::string& content);

}  // namespace loader
