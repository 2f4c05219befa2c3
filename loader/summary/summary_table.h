// Rows of a summary: dotted names, and columns that stand below each other.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loader/summary/console_style.h"

namespace loader {

/// In front of every line below a heading.
inline constexpr std::string_view kSummaryIndent = "    ";

struct SummaryRow {
  std::string name;
  std::vector<std::string> columns;  ///< A trend's statistics, or a value and what explains it.
  bool is_trend = false;
};

/// The widths that rows shown together share.
struct SummaryWidths {
  std::size_t name = 0;
  std::vector<std::size_t> trend;
  std::vector<std::size_t> other;
};

[[nodiscard]] SummaryWidths widths_of(std::span<const SummaryRow> rows);

/// "name....: avg=1s    min=1ms" without indent and newline. `stats` names a trend's columns.
[[nodiscard]] std::string render_row(const SummaryRow& row, const SummaryWidths& widths,
                                     std::span<const std::string> stats, const ConsoleStyle& style);

/// The spaces that `text` lacks to `width`.
[[nodiscard]] std::string padding(std::size_t width, std::string_view text);

}  // namespace loader
