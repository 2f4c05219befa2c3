#include "loader/compare/comparison_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "loader/summary/summary_format.h"

namespace loader {
namespace {

std::string with_sign(double value, int decimals) {
  const std::string text = format_fixed(std::abs(value), decimals);
  const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
  return (is_zero ? "±" : value < 0 ? "-" : "+") + text;
}

// "margins: 2% of times and rates, 0.5 points of shares, itl_p99 10%"
std::string margins_text(const CompareSettings& settings) {
  std::map<MeasureUnit, std::map<double, std::vector<std::string_view>>> by_unit;
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    const MeasureUnit unit = kMeasures[i].unit;
    const bool is_share = unit == MeasureUnit::share;
    by_unit[is_share ? unit : MeasureUnit::milliseconds][settings.margins[i]].push_back(
        kMeasures[i].name);
  }
  std::string text;
  for (const auto& [unit, margins] : by_unit) {
    const bool is_share = unit == MeasureUnit::share;
    const auto most =
        std::ranges::max_element(margins, {}, [](const auto& each) { return each.second.size(); });
    const auto amount = [is_share](double margin) {
      return format_plain(margin * 100) + (is_share ? " points" : "%");
    };
    text += (text.empty() ? "" : ", ") + amount(most->first) +
            (is_share ? " of shares" : " of times and rates");
    for (const auto& [margin, names] : margins) {
      if (margin == most->first) continue;
      for (const std::string_view name : names) {
        text += ", " + amount(margin) + " of " + std::string(name);
      }
    }
  }
  return text;
}

// What a reader asks for first, of the whole run before its parts.
constexpr std::array kTellsMost{
    Measure::failed,       Measure::duration_p95, Measure::ttft_p95,
    Measure::duration_p50, Measure::ttft_p50,     Measure::duration_per_token,
    Measure::itl_p95,      Measure::dropped,      Measure::checks_failed};

FigureChange telling_figure(const std::vector<FigureChange>& figures) {
  const auto rank = [](const FigureChange& figure) {
    const auto place = std::ranges::find(kTellsMost, figure.measure);
    return std::pair(!figure.part.empty(), place - kTellsMost.begin());
  };
  return *std::ranges::min_element(figures, {}, rank);
}

// `adverb` is "" or "also ".
std::string change_sentence(const std::vector<FigureChange>& figures, const std::string& adverb,
                            const std::string& how) {
  const FigureChange figure = telling_figure(figures);
  const MeasureInfo& info = info_of(figure.measure);
  std::string text = "B is " + adverb + how + " than A: " + std::string(info.says) +
                     (figure.part.empty() ? "" : " (" + printable(figure.part) + ")") +
                     " went from " + figure_value(info.unit, figure.a) + " to " +
                     figure_value(info.unit, figure.b) + " (" +
                     change_text(info.unit, figure.change) + ")";
  const std::size_t others = figures.size() - 1;
  if (others == 1) text += "; one more figure is " + how;
  if (others > 1) text += "; " + std::to_string(others) + " more figures are " + how;
  return text + ".";
}

}  // namespace

std::string headline_text(const RunComparison& comparison) {
  if (!comparison.no_verdict.empty()) return {};
  const auto worse = figures_with(comparison, ChangeVerdict::worse);
  const auto better = figures_with(comparison, ChangeVerdict::better);
  std::string text;
  if (!worse.empty()) text = change_sentence(worse, "", "worse");
  if (!better.empty()) {
    text += text.empty() ? change_sentence(better, "", "better")
                         : " " + change_sentence(better, "also ", "better");
  }
  if (!text.empty()) return text;
  return comparison.count(ChangeVerdict::alike) > 0
             ? "B is not surely different from A in any figure, beyond its margin."
             : "Nothing could be judged: there are too few values.";
}

std::string figure_name(const FigureChange& figure) {
  const std::string name(info_of(figure.measure).name);
  return figure.part.empty() ? name : name + ", " + printable(figure.part);
}

std::string figure_value(MeasureUnit unit, double value) {
  switch (unit) {
    case MeasureUnit::share:
      return format_share(value);
    case MeasureUnit::milliseconds:
      return format_milliseconds(value, "");
    case MeasureUnit::per_second:
      break;
  }
  return format_fixed(value, value < 10 ? 3 : 1) + "/s";
}

std::string change_text(MeasureUnit unit, double change) {
  if (unit == MeasureUnit::share) return with_sign(change * 100, 2) + " points";
  // Of a value ten times as large nobody wants percents.
  if (change >= 9) return "×" + format_fixed(change + 1, change < 99 ? 1 : 0);
  return with_sign(change * 100, 1) + "%";
}

std::string interval_text(const FigureChange& figure) {
  if (!figure.interval) return {};
  const MeasureUnit unit = info_of(figure.measure).unit;
  const std::string high = change_text(unit, figure.interval->high);
  if (unit != MeasureUnit::share) return change_text(unit, figure.interval->low) + " to " + high;
  return with_sign(figure.interval->low * 100, 2) + " to " + high;
}

std::string tally_text(const RunComparison& comparison) {
  const auto number = [&](ChangeVerdict verdict) {
    return std::to_string(comparison.count(verdict));
  };
  return number(ChangeVerdict::worse) + " worse, " + number(ChangeVerdict::better) + " better, " +
         number(ChangeVerdict::alike) + " without a difference, " +
         number(ChangeVerdict::unjudged) + " not judged";
}

std::string method_text(const RunComparison& comparison) {
  const CompareSettings& settings = comparison.settings;
  return "All intervals hold at once with " + format_plain(settings.confidence * 100) +
         "% confidence (" + std::to_string(settings.draws) + " draws, seed " +
         std::to_string(settings.seed) +
         "). Worse is what has its interval beyond 0 and a change " + "of its margin at least (" +
         margins_text(settings) + ") and, of times, " +
         format_milliseconds(lab::to_milliseconds(settings.min_change), "") + ".";
}

std::vector<FigureChange> figures_with(const RunComparison& comparison, ChangeVerdict verdict) {
  std::vector<FigureChange> figures;
  std::ranges::copy_if(comparison.figures, std::back_inserter(figures),
                       [verdict](const FigureChange& each) { return each.verdict == verdict; });
  return figures;
}

std::span<const ChangeVerdict> verdicts_shown() {
  static constexpr std::array kVerdictsShown{ChangeVerdict::worse, ChangeVerdict::better,
                                             ChangeVerdict::alike, ChangeVerdict::unjudged};
  return kVerdictsShown;
}

}  // namespace loader
