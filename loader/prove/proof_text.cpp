#include "loader/prove/proof_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "loader/prove/proof_words.h"
#include "loader/prove/suggested_options.h"
#include "loader/summary/console_style.h"
#include "shared/base/time.h"

namespace loader {
namespace {

constexpr std::size_t kColumns = 100;

// Of code points, which are one column each in all that is written here.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t has = width_of(text);
  if (has < width) text.append(width - has, ' ');
  return text;
}

std::string without_trailing(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string ordinal(std::size_t threshold) { return "#" + std::to_string(threshold + 1); }

/// Wraps words to the width of the report.
std::string wrapped(std::string_view text, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string result;
  std::string line = margin;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (width_of(line) + 1 + width_of(word) > kColumns && line.size() > indent) {
      result += line + "\n";
      line = margin;
    }
    if (line.size() > indent) line += ' ';
    line += word;
    at = end + 1;
  }
  return result + line + "\n";
}

class ProofWriter {
 public:
  ProofWriter(const Proof& proof, bool has_colors) : proof_(proof), style_{has_colors} {}

  std::string text() {
    headline();
    thresholds();
    matrix();
    survivors_part();
    not_asked();
    problems();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string red(const std::string& text) const { return style_.red(text); }
  [[nodiscard]] std::string green(const std::string& text) const { return style_.green(text); }
  [[nodiscard]] std::string bold(const std::string& text) const { return style_.bold(text); }

  void line(const std::string& text) { out_ += text + "\n"; }
  void title(const std::string& text) { line("\n  " + bold(text) + "\n"); }

  void headline() {
    const std::string verdict = proof_.is_interrupted ? red("INTERRUPTED")
                                : proof_.holds()      ? green("HOLDS")
                                                      : red("FAILS");
    line("\n  " + bold("proof of " + proof_.suite) + ": " + verdict + ", " + score_text(proof_));
    std::string effort =
        std::to_string(proof_.runs) + " runs with " + std::to_string(proof_.seeds) +
        (proof_.seeds == 1 ? " seed from " : " seeds from ") + std::to_string(proof_.seed) + " on";
    const double seconds = std::floor(proof_.virtual_seconds);
    if (seconds > 0) {
      effort += ", " + lab::format_duration(lab::from_seconds(seconds)) + " of virtual time";
    }
    effort += "; gateway " + proof_.gateway;
    if (!proof_.network.empty()) effort += ", network " + proof_.network;
    out_ += wrapped(effort, 2);
  }

  void thresholds() {
    title("THRESHOLDS");
    for (std::size_t t = 0; t < proof_.thresholds.size(); ++t) threshold(t);
  }

  void threshold(std::size_t place) {
    const ThresholdProof& each = proof_.thresholds[place];
    const bool is_sound = each.finding == ThresholdFinding::sound;
    line("  " + padded(ordinal(place), 4) + (is_sound ? green("✓ ") : red("✗ ")) +
         padded(each.metric + ": " + each.expression, 50) + "  notices " +
         std::to_string(each.kills) + " of " + std::to_string(proof_.asked()) + " families");
    if (!is_sound) {
      const std::string found(to_string(each.finding));
      out_ += wrapped(found + ": " + each.reason + interval_of(each), 8);
    }
    if (each.redundant_with) {
      out_ += wrapped("redundant: " + ordinal(*each.redundant_with) + " is red whenever it is", 8);
    }
    if (!each.lowered_by.empty()) out_ += wrapped(lowered_text(each), 8);
  }

  static std::string interval_of(const ThresholdProof& each) {
    if (each.finding != ThresholdFinding::hair_trigger) return {};
    char text[64];
    std::snprintf(text, sizeof text, " (%.0f to %.0f %% of all runs)",
                  100 * each.control_red_interval.low, 100 * each.control_red_interval.high);
    return text;
  }

  static std::string lowered_text(const ThresholdProof& each) {
    constexpr std::size_t kNamed = 3;
    std::string names;
    for (std::size_t i = 0; i < each.lowered_by.size() && i < kNamed; ++i) {
      names += (i == 0 ? "" : ", ") + each.lowered_by[i];
    }
    if (each.lowered_by.size() > kNamed) {
      names += " and " + std::to_string(each.lowered_by.size() - kNamed) + " more";
    }
    return "failures lower it (" + names + "): what fails fast counts as fast";
  }

  void matrix() {
    title("FAMILIES");
    std::string head = padded("", 2) + padded("family", 25) + padded("reference", 12) +
                       padded("half notice it from", 28);
    for (std::size_t t = 0; t < proof_.thresholds.size(); ++t)
      head += padded(std::to_string(t + 1), 3);
    line(without_trailing(head));
    for (const FamilyProof& family : proof_.families) {
      if (family.is_known()) row(family);
    }
    line("\n  ● red at the reference size   ◐ in some of the runs   · green");
    const bool is_any_odd =
        std::any_of(proof_.families.begin(), proof_.families.end(),
                    [](const FamilyProof& family) { return !family.is_monotone; });
    if (is_any_odd) line("  * noticed at a size, and with the same seed not at a larger one");
  }

  void row(const FamilyProof& family) {
    const std::string mark = family.is_noticed() ? green("✓ ") : red("✗ ");
    std::string text = mark + padded(family.name + " ", 25) +
                       padded(family.family.size_text(family.family.reference), 12);
    const bool has_boundary = family.family.has_size() && family.boundary.seeds > 0;
    const std::string from = has_boundary ? estimate_text(family.family, family.boundary.half)
                                          : std::string(family.noticed > 0 ? "noticed" : "never");
    text += padded(from + (family.is_monotone ? " " : " * "), 28);
    for (const ProofCell& cell : family.cells) {
      const bool is_all = cell.red_at_reference == family.reference_runs;
      const char* const dot = is_all ? "●" : cell.red_at_reference > 0 ? "◐" : "·";
      text += padded(dot, 3);
    }
    line(without_trailing(text));
  }

  void survivors_part() {
    const std::vector<const FamilyProof*> all = survivors(proof_);
    if (all.empty()) return;
    title("SURVIVORS");
    for (const FamilyProof* const family : all) survivor(*family);
    const ThresholdsByMetric thresholds = by_metric(best_suggestions(proof_));
    if (thresholds.empty()) return;
    paste("To notice them, in a suite:", suite_json(thresholds));
    paste("Or in a k6 script:", k6_options(thresholds));
  }

  void paste(const std::string& heading, const std::string& lines) {
    line("  " + heading + "\n");
    std::size_t at = 0;
    while (at < lines.size()) {
      const std::size_t end = std::min(lines.find('\n', at), lines.size());
      line("    " + lines.substr(at, end - at));
      at = end + 1;
    }
    line("");
  }

  void survivor(const FamilyProof& family) {
    const std::string size = family.family.size_text(family.family.reference);
    line("  " + red("✗ ") + bold(family.name) + (size.empty() ? "" : " " + size) + ": noticed in " +
         std::to_string(family.noticed) + " of " + std::to_string(family.reference_runs) + " runs");
    out_ += wrapped(family.family.breaks, 4);
    // Of a command nothing but its exit code is known.
    if (family.suggestions.empty() && family.boundary.seeds > 0) {
      out_ += wrapped("no metric of the suite tells it from a sound gateway", 4);
    }
    for (const SuggestedThreshold& each : family.suggestions) {
      out_ += wrapped("would notice: " + each.metric + ": " + each.expression + " (sound " +
                          plain_number(each.sound_low) + " to " + plain_number(each.sound_high) +
                          ", then " + plain_number(each.mutant_low) + " to " +
                          plain_number(each.mutant_high) + ")",
                      4);
    }
    if (!family.command.empty()) line("    again: " + family.command);
    line("");
  }

  void not_asked() {
    std::string names;
    for (const FamilyProof& family : proof_.families) {
      if (family.is_asked()) continue;
      names += (names.empty() ? "" : ", ") + family.name + " (" + family.not_asked + ")";
    }
    if (names.empty()) return;
    title("NOT ASKED");
    out_ += wrapped(names, 2);
  }

  void problems() {
    std::string not_run;
    for (const FamilyProof& family : proof_.families) {
      if (!family.is_asked() || family.not_run.empty()) continue;
      not_run += (not_run.empty() ? "" : ", ") + family.name;
    }
    if (not_run.empty()) return;
    title("NOT RUN");
    out_ += wrapped(not_run, 2);
    for (const std::string& error : proof_.errors) out_ += wrapped(error, 2);
  }

  const Proof& proof_;
  ConsoleStyle style_;
  std::string out_;
};

}  // namespace

std::string proof_text(const Proof& proof, bool has_colors) {
  return ProofWriter(proof, has_colors).text();
}

}  // namespace loader
