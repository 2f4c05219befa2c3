#include "loader/summary/html_thresholds.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "loader/metrics/metric_registry.h"
#include "loader/summary/html_text.h"
#include "loader/summary/run_columns.h"
#include "loader/summary/summary_blocks.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/threshold_margin.h"
#include "loader/summary/time_axis.h"

namespace loader {
namespace {

constexpr std::size_t kSpansShown = 3;
constexpr double kRemarkableShare = 0.1;

struct JudgedThreshold {
  const SummaryMetric* metric;
  const ThresholdResult* result;
};

std::string verdict_pill(const ThresholdResult& result) {
  if (result.verdict == Verdict::no_data) {
    return html_pill("no data", result.crossed ? "bad" : "none");
  }
  return result.crossed ? html_pill("failed", "bad") : html_pill("passed", "good");
}

// A bar that is full at the limit.
std::string used_bar(const ThresholdResult& result) {
  const auto used = used_share(result);
  if (!used) return {};
  return "<span class=\"used" + std::string(*used > 1 ? " over" : "") +
         "\"><i style=\"width:" + format_fixed(std::min(*used, 1.0) * 100, 1) + "%\"></i></span>";
}

// What windows tell requests apart by; none: another tag.
std::optional<std::string> tag_of(const RequestSeries& series, std::string_view key) {
  if (key == "scenario") return series.scenario;
  if (key == "phase") return series.phase;
  if (key == "model") return series.model;
  return std::nullopt;
}

// The share of the requests behind a request duration that failed. None of other metrics, and of
// sub-metrics whose requests the windows don't tell from others.
std::optional<double> failed_share_behind(const OverTime& over_time, const SummaryMetric& metric) {
  const auto reference = parse_metric_reference(metric.name);
  if (!reference || reference->name != "http_req_duration") return std::nullopt;
  const auto is_known = [](const auto& tag) { return tag_of({}, tag.first).has_value(); };
  if (!std::ranges::all_of(reference->tags, is_known)) return std::nullopt;
  const RequestSeries requests = over_time.sum([&](const RequestSeries& series) {
    return std::ranges::all_of(
        reference->tags, [&](const auto& tag) { return tag_of(series, tag.first) == tag.second; });
  });
  return failed_share(requests.total());
}

// k6's http_req_failed knows nothing of answers: the page's "failed" is more.
std::string broken_answers_note(const OverTime& over_time, const SummaryMetric& metric) {
  constexpr double kSeen = 0.0005;
  if (metric.name != "http_req_failed") return {};
  const double share = failed_share(over_time.sum().total());
  if (!(share - std::get<RateValues>(metric.values).rate >= kSeen)) return {};
  return "<div class=\"sub\">by status and transport; with broken answers and streams, " +
         format_share(share) + " failed</div>";
}

// A gateway that fails fast keeps the limits of all requests.
std::string measured_html(const SummaryData& data, const JudgedThreshold& threshold) {
  std::string html =
      html_escaped(measured_text(*threshold.metric, *threshold.result, data.time_unit));
  if (!data.over_time) return html;
  html += broken_answers_note(*data.over_time, *threshold.metric);
  const auto share = failed_share_behind(*data.over_time, *threshold.metric);
  if (!share || *share < kRemarkableShare) return html;
  return html + "<div class=\"sub\">of all" + (is_submetric(*threshold.metric) ? " its" : "") +
         " requests, " + format_share(*share) + " of which failed</div>";
}

std::string when_broken(const SummaryData& data, const JudgedThreshold& threshold) {
  if (!data.over_time) return {};
  const auto& breaches = data.over_time->breaches;
  const auto found = std::ranges::find_if(breaches, [&](const ThresholdBreach& breach) {
    return breach.metric == threshold.metric->name && breach.threshold == threshold.result->source;
  });
  if (found == breaches.end()) return {};
  std::string text;
  for (std::size_t i = 0; i < std::min(found->spans.size(), kSpansShown); ++i) {
    text += (i > 0 ? ", " : "") + clock_span(found->spans[i].from, found->spans[i].to);
  }
  const std::size_t more = found->spans.size() - std::min(found->spans.size(), kSpansShown);
  return more == 0 ? text : text + " and " + std::to_string(more) + " more times";
}

// A long name may break between its parts, not within a word.
std::string breakable(std::string_view name) {
  std::string html;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("_{,"), name.size() - 1) + 1;
    html += html_escaped(name.substr(0, end)) + "<wbr>";
    name.remove_prefix(end);
  }
  return html;
}

}  // namespace

std::string thresholds_html(const SummaryData& data) {
  std::vector<JudgedThreshold> all;
  for (const SummaryMetric& metric : data.metrics) {
    for (const ThresholdResult& result : metric.thresholds) all.push_back({&metric, &result});
  }
  std::ranges::stable_partition(all,
                                [](const JudgedThreshold& each) { return each.result->crossed; });
  HtmlTable table({"", "Metric", "Threshold", "Measured", "", "#Margin", "Did not hold"}, "rows");
  for (const JudgedThreshold& each : all) {
    table.add({{verdict_pill(*each.result)},
               {breakable(each.metric->name)},
               {"<code>" + html_escaped(each.result->source) + "</code>"},
               {measured_html(data, each)},
               {used_bar(*each.result)},
               number_cell(margin_text(*each.metric, *each.result, data.time_unit)),
               text_cell(when_broken(data, each))});
  }
  return table.html();
}

}  // namespace loader
