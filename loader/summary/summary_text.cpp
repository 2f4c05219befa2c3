#include "loader/summary/summary_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "loader/summary/console_style.h"
#include "loader/summary/run_ending.h"
#include "loader/summary/summary_blocks.h"
#include "loader/summary/summary_errors.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_search.h"
#include "loader/summary/summary_table.h"
#include "loader/summary/threshold_margin.h"

namespace loader {
namespace {

using Lines = std::vector<std::string>;

// What k6 shows, to its last digit.
constexpr Rounding kRounding = Rounding::truncated;

SummaryRow row_of(const SummaryMetric& metric, const SummaryData& data) {
  const std::string_view parent = parent_name(metric);
  std::string name = printable(parent);
  if (is_submetric(metric)) {
    // "{expected_response:true}" is shown under its parent as "  { expected_response:true }".
    const std::string_view tags = std::string_view(metric.name).substr(parent.size() + 1);
    name = "  { " + printable(tags.substr(0, tags.size() - 1)) + " }";
  }
  return {.name = std::move(name),
          .columns = metric_columns(metric, data, kRounding),
          .is_trend = metric.type == MetricType::trend && metric.has_samples};
}

// ---- THRESHOLDS

std::string threshold_line(const ThresholdResult& result, const SummaryMetric& metric,
                           const SummaryData& data, const ConsoleStyle& style) {
  std::string mark = style.green("✓");
  if (result.crossed) {
    mark = style.red("✗");
  } else if (result.verdict == Verdict::no_data) {
    mark = style.yellow("-");
  }
  std::string line = mark + " '" + printable(result.source) + "' ";
  if (!result.observed) return line + style.yellow(printable(missing_value_text(result)));
  const std::string value = format_observed(*result.observed, result.aggregation, metric.type,
                                            metric.kind, {data.time_unit, kRounding});
  return line + result.aggregation + "=" + style.cyan(value);
}

Lines threshold_lines(const SummaryData& data, const ConsoleStyle& style) {
  Lines lines;
  std::string_view last_parent;
  for (const SummaryMetric& metric : data.metrics) {
    if (metric.thresholds.empty()) continue;
    const std::string_view parent = parent_name(metric);
    // A sub-metric whose parent stands above it is shown by its tags alone.
    const bool is_nested = is_submetric(metric) && last_parent == parent;
    if (!is_submetric(metric)) last_parent = parent;
    const std::string indent = std::string(kSummaryIndent) + (is_nested ? "  " : "");
    lines.push_back(indent + printable(is_nested
                                           ? std::string_view(metric.name).substr(parent.size())
                                           : std::string_view(metric.name)));
    for (const ThresholdResult& result : metric.thresholds) {
      lines.push_back(indent + threshold_line(result, metric, data, style));
    }
    lines.emplace_back();
  }
  return lines;
}

// ---- TOTAL RESULTS: checks

void collect_checks(const SummaryGroup& group, std::vector<const SummaryCheck*>& checks) {
  for (const SummaryCheck& check : group.checks) checks.push_back(&check);
  for (const SummaryGroup& child : group.groups) collect_checks(child, checks);
}

Lines check_totals(std::span<const SummaryCheck* const> checks, const SummaryData& data,
                   const ConsoleStyle& style) {
  std::uint64_t passes = 0;
  std::uint64_t fails = 0;
  for (const SummaryCheck* check : checks) {
    passes += check->passes;
    fails += check->fails;
  }
  const std::uint64_t total = passes + fails;
  const double seconds = lab::to_seconds(data.duration);
  const double per_second = seconds > 0 ? static_cast<double>(total) / seconds : 0;
  const auto share = [&](std::uint64_t part) {
    return format_share(total == 0 ? 0 : static_cast<double>(part) / static_cast<double>(total),
                        kRounding);
  };
  const auto out_of = [&](std::uint64_t part) {
    return std::to_string(part) + " out of " + std::to_string(total);
  };
  const std::array rows{
      SummaryRow{"checks_total", {std::to_string(total), format_plain(per_second) + "/s"}},
      SummaryRow{"checks_succeeded", {share(passes), out_of(passes)}},
      SummaryRow{"checks_failed", {share(fails), out_of(fails)}},
  };
  const SummaryWidths widths = widths_of(rows);
  Lines lines;
  for (const SummaryRow& row : rows)
    lines.push_back(std::string(kSummaryIndent) + render_row(row, widths, {}, style));
  return lines;
}

void append_check(Lines& lines, const SummaryCheck& check, const std::string& indent,
                  const ConsoleStyle& style) {
  const std::string name = printable(check.name);
  const std::uint64_t total = check.passes + check.fails;
  if (total == 0) {
    lines.push_back(indent + style.yellow("- " + name + " (never ran)"));
  } else if (check.fails == 0) {
    lines.push_back(indent + style.green("✓ " + name));
  } else {
    lines.push_back(indent + style.red("✗ " + name));
    lines.push_back(indent + style.red(" ↳  " + std::to_string(100 * check.passes / total) +
                                       "% — ✓ " + std::to_string(check.passes) + " / ✗ " +
                                       std::to_string(check.fails)));
  }
}

bool has_checks(const SummaryGroup& group) {
  return !group.checks.empty() || std::any_of(group.groups.begin(), group.groups.end(), has_checks);
}

// As k6 did before its version 1: a group's checks stand under its name, so that those of one name
// can be told apart.
void append_group(Lines& lines, const SummaryGroup& group, const std::string& indent,
                  const ConsoleStyle& style) {
  for (const SummaryCheck& check : group.checks) append_check(lines, check, indent, style);
  if (!group.checks.empty()) lines.emplace_back();
  for (const SummaryGroup& child : group.groups) {
    if (!has_checks(child)) continue;
    lines.push_back(indent + "█ " + style.bold(printable(child.name)));
    lines.emplace_back();
    append_group(lines, child, indent + "  ", style);
  }
}

Lines check_lines(const SummaryData& data, const ConsoleStyle& style) {
  std::vector<const SummaryCheck*> checks;
  collect_checks(data.root, checks);
  if (checks.empty()) return {};
  Lines lines = check_totals(checks, data, style);
  lines.emplace_back();
  append_group(lines, data.root, std::string(kSummaryIndent), style);
  return lines;
}

// ---- TOTAL RESULTS: metrics in their groups

Lines metric_lines(const std::vector<SummaryMetric>& metrics, const SummaryData& data,
                   SummaryMode mode, const ConsoleStyle& style) {
  std::map<SummaryBlock, std::vector<SummaryRow>> blocks;
  std::vector<SummaryRow> all;
  for (const SummaryMetric& metric : metrics) {
    const SummaryBlock block = block_of(metric, mode);
    if (block == SummaryBlock::none) continue;
    all.push_back(row_of(metric, data));
    blocks[block].push_back(all.back());
  }
  // All blocks share their widths, so that the whole reads as one table.
  const SummaryWidths widths = widths_of(all);
  Lines lines;
  for (const auto& [block, title] : kSummaryBlocks) {
    const auto found = blocks.find(block);
    if (found == blocks.end()) continue;
    lines.push_back(std::string(kSummaryIndent) + style.bold(title));
    for (const SummaryRow& row : found->second) {
      lines.push_back(std::string(kSummaryIndent) +
                      render_row(row, widths, data.trend_stats, style));
    }
    lines.emplace_back();
  }
  return lines;
}

Lines ending_lines(const SummaryData& data, const ConsoleStyle& style) {
  Lines lines;
  for (const std::string& sentence : ending_sentences(data)) {
    lines.push_back(std::string(kSummaryIndent) + style.yellow(sentence));
  }
  if (!lines.empty()) lines.emplace_back();
  return lines;
}

Lines output_lines(const SummaryData& data, const ConsoleStyle& style) {
  if (data.outputs.empty()) return {};
  Lines lines{std::string(kSummaryIndent) + style.bold("OUTPUTS")};
  for (const SummaryOutput& output : data.outputs) {
    const std::string dropped = std::to_string(output.dropped) + " dropped";
    lines.push_back(std::string(kSummaryIndent) + printable(output.name) + ": " +
                    std::to_string(output.taken) + " samples, " + std::to_string(output.sent) +
                    " sent, " + (output.dropped > 0 ? style.red(dropped) : dropped));
  }
  lines.emplace_back();
  return lines;
}

// Before all figures that are not to be trusted.
Lines own_doubt_lines(const SummaryData& data, const ConsoleStyle& style) {
  Lines lines;
  if (!data.self_doubt) return lines;
  for (const std::string& line : doubt_lines(*data.self_doubt)) {
    const bool is_detail = line.starts_with(' ');
    const std::string text = printable(line);
    lines.push_back(std::string(kSummaryIndent) + (is_detail ? text : style.yellow(text)));
  }
  return lines;
}

void append(Lines& lines, const Lines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

void append_title(Lines& lines, std::string_view title, const ConsoleStyle& style) {
  lines.emplace_back();
  lines.push_back("  █ " + style.bold(title));
  lines.emplace_back();
}

// ---- GROUP and SCENARIO: the same for a part of the run

Lines lines_of(const SummaryPart& part, const std::string& title, const SummaryData& data,
               const ConsoleStyle& style) {
  Lines lines;
  append_title(lines, title, style);
  for (const SummaryCheck& check : part.checks) {
    append_check(lines, check, std::string(kSummaryIndent), style);
  }
  if (!part.checks.empty()) lines.emplace_back();
  append(lines, metric_lines(part.metrics, data, SummaryMode::full, style));
  return lines;
}

Lines part_lines(const SummaryData& data, const ConsoleStyle& style) {
  Lines lines;
  for (const SummaryPart& part : data.parts) {
    if (part.kind != Breakdown::Kind::group) continue;
    append(lines, lines_of(part, "GROUP: " + printable(group_title(part.name)), data, style));
  }
  for (const SummaryPart& part : data.parts) {
    if (part.kind != Breakdown::Kind::scenario) continue;
    append(lines, lines_of(part, "SCENARIO: " + printable(part.name), data, style));
  }
  return lines;
}

}  // namespace

std::string summary_text(const SummaryData& data, SummaryTextOptions options) {
  const ConsoleStyle style{options.colors};
  Lines lines;
  if (const Lines thresholds = threshold_lines(data, style); !thresholds.empty()) {
    append_title(lines, "THRESHOLDS", style);
    append(lines, thresholds);
  }
  if (const Lines doubts = own_doubt_lines(data, style); !doubts.empty()) {
    append_title(lines, "THE LOADER'S OWN DOUBTS", style);
    append(lines, doubts);
    lines.emplace_back();
  }
  if (!data.searches.empty()) append_title(lines, "SATURATION", style);
  for (const SearchSummary& search : data.searches) {
    append(lines, search_lines(search, data, style));
    lines.emplace_back();
  }
  append_title(lines, "TOTAL RESULTS", style);
  append(lines, check_lines(data, style));
  append(lines, metric_lines(data.metrics, data, options.mode, style));
  if (options.mode == SummaryMode::full) append(lines, part_lines(data, style));
  append(lines, ending_lines(data, style));
  append(lines, error_lines(data.errors, style));
  append(lines, output_lines(data, style));
  for (const std::string& note : data.notes)
    lines.push_back(std::string(kSummaryIndent) + printable(note));
  if (!data.notes.empty()) lines.emplace_back();

  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

}  // namespace loader
