#include "loader/summary/time_lanes.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

constexpr double kLaneHeight = 16;
// In pixels: the plot of a picture on paper, or on a telephone, and a small letter.
constexpr double kNarrowPicture = 340;
constexpr double kCharacterWidth = 6;
// As much as a narrow picture has room for.
constexpr std::size_t kBreachNameMax = 38;

/// Requests of one scenario.
using SeriesOfOne = std::vector<const RequestSeries*>;

std::vector<SeriesOfOne> by_scenario(const OverTime& over_time) {
  std::vector<SeriesOfOne> scenarios;
  for (const RequestSeries& each : over_time.series) {
    if (each.scenario.empty() || each.windows.empty()) continue;
    const auto found = std::ranges::find_if(scenarios, [&](const SeriesOfOne& known) {
      return known.front()->scenario == each.scenario;
    });
    if (found == scenarios.end()) {
      scenarios.push_back({&each});
    } else {
      found->push_back(&each);
    }
  }
  return scenarios;
}

// Null where the scenario has none.
const RequestSeries* most_requested(const SeriesOfOne& scenario, std::size_t window) {
  const RequestSeries* most = nullptr;
  std::uint64_t requests = 0;
  for (const RequestSeries* const each : scenario) {
    // A phase's requests may be for several models.
    std::uint64_t of_phase = 0;
    for (const RequestSeries* const other : scenario) {
      const RequestWindow* const found = other->find(window);
      if (other->phase == each->phase && found != nullptr) of_phase += found->requests;
    }
    if (of_phase <= requests) continue;
    requests = of_phase;
    most = each;
  }
  return most;
}

std::string span_name(const RequestSeries& series, bool is_only_scenario) {
  if (series.phase.empty()) return series.scenario;
  return is_only_scenario ? series.phase : series.scenario + ": " + series.phase;
}

std::vector<LaneSpan> spans_of(const SeriesOfOne& scenario, const TimeAxis& axis,
                               bool is_only_scenario) {
  std::vector<LaneSpan> spans;
  for (std::size_t i = 0; i < axis.columns; ++i) {
    const RequestSeries* const most = most_requested(scenario, i);
    if (most == nullptr) continue;
    const std::string name = span_name(*most, is_only_scenario);
    if (spans.empty() || spans.back().name != name) {
      // What lies between two phases is of the first.
      if (!spans.empty()) spans.back().to = axis.from(i);
      spans.push_back({.name = name, .from = axis.from(i)});
    }
    spans.back().to = axis.from(i + 1);
  }
  return spans;
}

// False if there is no room.
bool put_into(std::vector<TimeLane>& lanes, const LaneSpan& span) {
  for (TimeLane& lane : lanes) {
    if (lane.back().to > span.from) continue;
    lane.push_back(span);
    return true;
  }
  if (lanes.size() >= kPhaseLanesMax) return false;
  lanes.push_back({span});
  return true;
}

// The names of phases, short: they say what a stretch's place and shape don't.
std::string short_name(std::string name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kShorter{
      {{"ramp-up-", "↗"}, {"ramp-down-", "↘"}, {"hold-", ""}}};
  for (const auto& [word, sign] : kShorter) {
    const std::size_t at = name.rfind(word);
    const bool is_phase = at == 0 || (at != std::string::npos && name[at - 1] == ' ');
    if (is_phase) return name.replace(at, word.size(), sign);
  }
  return name;
}

std::string phase_markup(const LaneSpan& span, const TimeAxis& axis, double y, bool is_even) {
  const double from = axis.place(span.from);
  const std::string width = percent_attribute("width", axis.place(span.to) - from);
  const std::string height = svg_attribute("height", kLaneHeight - 2);
  return "<svg" + percent_attribute("x", from) + svg_attribute("y", y) + width + height +
         "><title>" + html_escaped(span.name + ", " + clock_span(span.from, span.to)) +
         "</title><rect width=\"100%\"" + height + " class=\"phase" + (is_even ? " even" : "") +
         "\"/>" +
         plot_text(0, 10.5, "start", "phase-name",
                   label_within(span.name, axis.place(span.to) - from), 4) +
         "</svg>\n";
}

std::string breach_markup(const ThresholdBreach& breach, const TimeAxis& axis, double y) {
  std::string svg;
  for (const TimeSpan& span : breach.spans) {
    const double from = axis.place(span.from);
    svg += "<rect" + percent_attribute("x", from) + svg_attribute("y", y + kLaneHeight - 5) +
           percent_attribute("width", std::max(axis.place(span.to) - from, 0.004)) +
           svg_attribute("height", 3) + " class=\"breach\"/>\n";
  }
  // Nothing else is in its lane: it may be longer than the stretch. A metric of a long name is
  // left to the table of thresholds.
  std::string text = breach.metric + " " + breach.threshold;
  if (text.size() > kBreachNameMax) text = breach.threshold + " broken";
  const double at = axis.place(breach.spans.front().from);
  const std::string_view anchor = at < 0.3 ? "start" : at > 0.7 ? "end" : "middle";
  return svg + plot_text(at, y + kLaneHeight - 7, anchor, "breach-name", text);
}

}  // namespace

std::string label_within(const std::string& name, double share) {
  const double room = (share * kNarrowPicture - 6) / kCharacterWidth;
  const auto fits = [room](std::string_view text) {
    return static_cast<double>(text_width(text)) <= room;
  };
  if (fits(name)) return name;
  std::string shorter = short_name(name);
  return fits(shorter) ? shorter : std::string();
}

PhaseLanes phase_lanes(const OverTime& over_time, const TimeAxis& axis) {
  struct SpanOfOne {
    LaneSpan span;
    std::size_t scenario;
  };
  const std::vector<SeriesOfOne> scenarios = by_scenario(over_time);
  std::vector<SpanOfOne> spans;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    for (LaneSpan& span : spans_of(scenarios[i], axis, scenarios.size() == 1)) {
      spans.push_back({std::move(span), i});
    }
  }
  if (spans.size() < 2) return {};
  std::ranges::stable_sort(spans, {}, [](const SpanOfOne& each) { return each.span.from; });
  PhaseLanes made;
  std::set<std::size_t> left_out;
  for (const SpanOfOne& each : spans) {
    if (!put_into(made.lanes, each.span)) left_out.insert(each.scenario);
  }
  made.left_out = left_out.size();
  return made;
}

LaneMarkup lane_markup(const std::vector<TimeLane>& phases,
                       const std::vector<ThresholdBreach>& breaches, const TimeAxis& axis) {
  LaneMarkup markup;
  for (const TimeLane& lane : phases) {
    for (std::size_t i = 0; i < lane.size(); ++i) {
      markup.lanes += phase_markup(lane[i], axis, markup.height, i % 2 == 0);
      if (i == 0 || phases.size() > 1) continue;
      markup.shapes += "<path class=\"border\" d=\"M" + plot_point(axis.place(lane[i].from), 1) +
                       " V" + svg_coordinate(kPlotHeight) + "\"/>\n";
    }
    markup.height += kLaneHeight;
  }
  for (const ThresholdBreach& breach : breaches) {
    if (breach.spans.empty()) continue;
    markup.lanes += breach_markup(breach, axis, markup.height);
    markup.height += kLaneHeight;
  }
  return markup;
}

}  // namespace loader
