// The little of GitHub's Markdown that a report is made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loader {

/// Text that reads as it is, in a sentence and in a table's cell; control characters are made
/// visible.
[[nodiscard]] std::string markdown_escaped(std::string_view text);
/// The same, as code.
[[nodiscard]] std::string markdown_code(std::string_view text);
/// A block of code; `lines` are in a language and end with a line break.
[[nodiscard]] std::string markdown_block(std::string_view language, std::string_view lines);
/// What is folded away below a title; both are markup.
[[nodiscard]] std::string markdown_details(std::string_view title, const std::string& content);

/// Cells are markup. A heading that starts with '#' is that of numbers.
class MarkdownTable {
 public:
  explicit MarkdownTable(const std::vector<std::string>& headings);
  void add(const std::vector<std::string>& cells);
  /// Nothing if there is no row.
  [[nodiscard]] std::string markdown() const;

 private:
  std::string head_;
  std::string rows_;
};

}  // namespace loader
