#include "loader/summary/html_over_time.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "loader/summary/html_text.h"
#include "loader/summary/html_time_chart.h"
#include "loader/summary/summary_parts.h"
#include "loader/thresholds/threshold_expression.h"

namespace loader {
namespace {

/// Colours there are; what comes beyond is put together.
constexpr std::size_t kColorsMax = 7;
constexpr std::string_view kBadColors[kColorsMax] = {"s1", "s3", "s4", "s7", "s5", "s2", "s6"};

using WindowValue = std::function<std::optional<double>(const RequestWindow&)>;
using MetricNames = std::vector<std::string_view>;

std::string color(std::size_t index) { return "s" + std::to_string(index % (kColorsMax + 1)); }

ChartSeries series_of(const RequestSeries& of, const TimeAxis& axis, ChartSeries made,
                      const WindowValue& value) {
  const RequestWindow nothing;
  for (std::size_t i = 0; i < axis.columns; ++i) {
    const RequestWindow* const window = of.find(i);
    made.values.push_back(value(window == nullptr ? nothing : *window));
  }
  return made;
}

ChartSeries rate_series(const RequestSeries& of, const TimeAxis& axis, ChartSeries made,
                        const std::function<std::uint64_t(const RequestWindow&)>& count) {
  made.unit = PlotUnit::per_second;
  made = series_of(of, axis, std::move(made),
                   [&](const RequestWindow& window) { return static_cast<double>(count(window)); });
  for (std::size_t i = 0; i < axis.columns; ++i) *made.values[i] /= axis.seconds(i);
  return made;
}

ChartSeries percentile_series(const RequestSeries& of, const TimeAxis& axis, double percent,
                              Sketch RequestWindow::* sketch) {
  const std::string name = "p" + std::to_string(static_cast<int>(percent));
  return series_of(
      of, axis, {.name = name, .css = name, .unit = PlotUnit::milliseconds},
      [&](const RequestWindow& window) { return percentile_of(window.*sketch, percent); });
}

ChartSeries count_series(const RequestSeries& of, const TimeAxis& axis, std::string name,
                         Sketch RequestWindow::* sketch) {
  return series_of(of, axis, {.name = std::move(name)}, [&](const RequestWindow& window) {
    return static_cast<double>((window.*sketch).count());
  });
}

bool is_one_of(const MetricNames& names, std::string_view metric) {
  return std::ranges::find(names, metric.substr(0, metric.find('{'))) != names.end();
}

// Of metrics as they are, without tags: those of a part of the requests are not what is drawn.
std::vector<ChartLimit> limits_of(const SummaryData& data, std::string_view metric) {
  std::vector<ChartLimit> limits;
  const SummaryMetric* const found = find_metric(data.metrics, metric);
  if (found == nullptr) return limits;
  for (const ThresholdResult& result : found->thresholds) {
    const auto expression = parse_threshold_expression(result.source);
    if (expression) limits.push_back({result.source, expression->limit});
  }
  return limits;
}

/// Makes one chart after the other.
class Charts {
 public:
  Charts(const SummaryData& data, const RunColumns& columns)
      : data_(data),
        columns_(columns),
        phases_(phase_lanes(columns.over_time, columns.axis)),
        breaches_left_(columns.over_time.breaches) {}

  /// The thresholds of these metrics are marked in it.
  void add(TimeChart chart, const MetricNames& metrics = {}) {
    const auto is_of_it = [&](const ThresholdBreach& breach) {
      return is_one_of(metrics, breach.metric);
    };
    std::ranges::copy_if(columns_.over_time.breaches, std::back_inserter(chart.breaches), is_of_it);
    std::erase_if(breaches_left_, is_of_it);
    html_ += time_chart_html(chart, columns_.axis, phases_.lanes);
  }

  void add_requests();
  void add_failures();
  void add_users();
  void add_latency();
  void add_times(std::string title, std::string says, Sketch RequestWindow::* sketch,
                 const MetricNames& metrics);
  void add_tokens();
  void add_models();

  [[nodiscard]] std::string html() const { return html_; }
  /// Scenarios whose phases are not, or not all, above the pictures.
  [[nodiscard]] std::size_t scenarios_left_out() const { return phases_.left_out; }
  /// Those of no chart.
  [[nodiscard]] const std::vector<ThresholdBreach>& breaches_left() const { return breaches_left_; }

 private:
  const SummaryData& data_;
  const RunColumns& columns_;
  PhaseLanes phases_;
  std::vector<ThresholdBreach> breaches_left_;
  std::string html_;
};

void Charts::add_requests() {
  const RequestSeries& all = columns_.all;
  const TimeAxis& axis = columns_.axis;
  TimeChart chart{.title = "Requests",
                  .says = "that ended, per second",
                  .form = TimeChart::Form::stacked,
                  .unit = PlotUnit::per_second};
  const auto good = [](const RequestWindow& window) { return window.requests - window.failed; };
  const auto bad = [](const RequestWindow& window) { return window.failed; };
  const auto count = [](const auto& of_window) {
    return [of_window](const RequestWindow& window) -> std::optional<double> {
      return static_cast<double>(of_window(window));
    };
  };
  chart.series.push_back(rate_series(all, axis, {.name = "succeeded/s", .css = "s0"}, good));
  chart.series.push_back(rate_series(all, axis, {.name = "failed/s", .css = "s1"}, bad));
  chart.series.push_back(series_of(all, axis, {.name = "succeeded"}, count(good)));
  chart.series.push_back(series_of(all, axis, {.name = "failed"}, count(bad)));
  chart.series.push_back(series_of(all, axis, {.name = "failed share", .unit = PlotUnit::share},
                                   [](const RequestWindow& window) -> std::optional<double> {
                                     if (window.requests == 0) return std::nullopt;
                                     return failed_share(window);
                                   }));
  add(std::move(chart),
      {"http_reqs", "http_req_failed", "llm_success_rate", "checks", "llm_requests_success",
       "llm_requests_error", "llm_streaming_success", "llm_streaming_errors"});
}

// The most frequent kinds first, the rest of them as one.
std::vector<std::vector<std::size_t>> kinds_by_frequency(const RequestWindow& total) {
  std::vector<std::size_t> kinds;
  for (std::size_t i = 0; i < total.failures.size(); ++i) {
    if (total.failures[i] > 0) kinds.push_back(i);
  }
  std::ranges::stable_sort(
      kinds, [&](std::size_t a, std::size_t b) { return total.failures[a] > total.failures[b]; });
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t kind : kinds) {
    if (groups.size() < kColorsMax) {
      groups.push_back({kind});
    } else {
      groups.back().push_back(kind);
    }
  }
  return groups;
}

void Charts::add_failures() {
  const RequestWindow total = columns_.all.total();
  if (total.failed == 0) return;
  TimeChart chart{.title = "Failures by kind",
                  .says = "per second",
                  .form = TimeChart::Form::stacked,
                  .unit = PlotUnit::per_second};
  std::size_t place = 0;
  for (const std::vector<std::size_t>& group : kinds_by_frequency(total)) {
    ChartSeries series{
        .name = group.size() == 1 ? columns_.over_time.failure_kinds[group.front()] : "others",
        .css = std::string(kBadColors[place++])};
    chart.series.push_back(rate_series(columns_.all, columns_.axis, std::move(series),
                                       [&group](const RequestWindow& window) {
                                         std::uint64_t count = 0;
                                         for (const std::size_t kind : group) {
                                           if (kind < window.failures.size())
                                             count += window.failures[kind];
                                         }
                                         return count;
                                       }));
  }
  add(std::move(chart));
}

void Charts::add_users() {
  const std::vector<UserWindow>& users = columns_.over_time.users;
  ChartSeries active{.name = "active", .css = "s0"};
  ChartSeries all{.name = "initialized", .css = "s6"};
  ChartSeries done{.name = "completed/s", .css = "s0", .unit = PlotUnit::per_second};
  ChartSeries dropped{.name = "dropped/s", .css = "s1", .unit = PlotUnit::per_second};
  ChartSeries dropped_count{.name = "dropped"};
  for (std::size_t i = 0; i < columns_.axis.columns; ++i) {
    const UserWindow window = i < users.size() ? users[i] : UserWindow();
    const double seconds = columns_.axis.seconds(i);
    active.values.emplace_back(window.active_vus);
    all.values.emplace_back(window.vus);
    done.values.emplace_back(static_cast<double>(window.iterations) / seconds);
    dropped.values.emplace_back(static_cast<double>(window.dropped) / seconds);
    dropped_count.values.emplace_back(static_cast<double>(window.dropped));
  }
  add({.title = "Virtual users",
       .says = "on average",
       .series = {std::move(all), std::move(active)}},
      {"vus", "vus_max"});
  add({.title = "Iterations",
       .says = "per second; dropped ones were due and not started",
       .form = TimeChart::Form::stacked,
       .unit = PlotUnit::per_second,
       .series = {std::move(done), std::move(dropped), std::move(dropped_count)}},
      {"iterations", "dropped_iterations", "iteration_duration"});
}

void Charts::add_latency() {
  const RequestSeries& all = columns_.all;
  const TimeAxis& axis = columns_.axis;
  TimeChart chart{.title = "Latency of successes",
                  .says = "request duration",
                  .unit = PlotUnit::milliseconds,
                  .limits = limits_of(data_, "http_req_duration")};
  for (const double percent : {50, 95, 99}) {
    chart.series.push_back(percentile_series(all, axis, percent, &RequestWindow::succeeded));
  }
  chart.series.push_back(count_series(all, axis, "successes", &RequestWindow::succeeded));
  add(std::move(chart), {"http_req_duration", "http_req_waiting", "llm_response_time",
                         "llm_time_to_first_response", "llm_latency_drift", "llm_latency_drift_low",
                         "llm_latency_drift_high", "llm_hourly_latency", "llm_goodput"});
  add_times("Latency of failures", "request duration", &RequestWindow::failed_after, {});
}

void Charts::add_times(std::string title, std::string says, Sketch RequestWindow::* sketch,
                       const MetricNames& metrics) {
  if ((columns_.all.total().*sketch).empty()) return;
  TimeChart chart{
      .title = std::move(title), .says = std::move(says), .unit = PlotUnit::milliseconds};
  for (const double percent : {50, 95}) {
    chart.series.push_back(percentile_series(columns_.all, columns_.axis, percent, sketch));
  }
  chart.series.push_back(count_series(columns_.all, columns_.axis, "count", sketch));
  if (!metrics.empty()) chart.limits = limits_of(data_, metrics.front());
  add(std::move(chart), metrics);
}

void Charts::add_tokens() {
  const RequestWindow total = columns_.all.total();
  if (total.tokens_out == 0) return;
  TimeChart chart{.title = "Tokens", .says = "per second", .unit = PlotUnit::per_second};
  chart.series.push_back(rate_series(columns_.all, columns_.axis,
                                     {.name = "out, of successes", .css = "s0"},
                                     [](const RequestWindow& w) { return w.tokens_out; }));
  if (total.tokens_in > 0) {
    chart.series.push_back(rate_series(columns_.all, columns_.axis, {.name = "in", .css = "s2"},
                                       [](const RequestWindow& w) { return w.tokens_in; }));
  }
  add(std::move(chart), {"llm_tokens_per_second", "llm_tokens_generated", "llm_total_tokens"});
}

void Charts::add_models() {
  if (columns_.models.size() < 2) return;
  TimeChart latency{.title = "p95 of successes by model",
                    .says = "request duration",
                    .unit = PlotUnit::milliseconds};
  TimeChart failed{
      .title = "Failed share by model", .says = "of requests that ended", .unit = PlotUnit::share};
  const std::size_t shown = std::min(columns_.models.size(), kColorsMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const NamedSeries& model = columns_.models[i];
    latency.series.push_back(
        series_of(model.series, columns_.axis,
                  {.name = model.name, .css = color(i), .unit = PlotUnit::milliseconds},
                  [](const RequestWindow& window) { return percentile_of(window.succeeded, 95); }));
    failed.series.push_back(series_of(
        model.series, columns_.axis, {.name = model.name, .css = color(i), .unit = PlotUnit::share},
        [](const RequestWindow& window) -> std::optional<double> {
          if (window.requests == 0) return std::nullopt;
          return failed_share(window);
        }));
  }
  if (shown < columns_.models.size()) {
    const std::string more = "; the " + std::to_string(shown) + " with the most requests of " +
                             std::to_string(columns_.models.size());
    latency.says += more;
    failed.says += more;
  }
  add(std::move(failed));
  add(std::move(latency));
}

std::string intro(const RunColumns& columns, const Charts& charts) {
  std::string text = "Time counts from the start of the scenarios; each column is " +
                     lab::format_duration(columns.axis.column) +
                     ". Percentiles are of all requests that ended in a column, put together from "
                     "their distributions, not averages of percentiles; they are within 0.8% of "
                     "the value.";
  if (const std::size_t more = charts.scenarios_left_out(); more > 0) {
    text += " Above the pictures is room for " + std::to_string(kPhaseLanesMax) +
            " rows of scenarios and phases; " + std::to_string(more) +
            (more == 1 ? " more scenario is" : " more scenarios are") + " not there, or not whole.";
  }
  for (const ThresholdBreach& breach : charts.breaches_left()) {
    if (breach.spans.empty()) continue;
    text += " " + breach.metric + " " + breach.threshold + " did not hold from " +
            clock_text(breach.spans.front().from) + " on.";
  }
  return "<p class=\"sub\">" + html_escaped(text) + "</p>\n";
}

}  // namespace

std::string over_time_html(const SummaryData& data, const RunColumns& columns) {
  Charts charts(data, columns);
  charts.add_requests();
  charts.add_failures();
  charts.add_models();
  charts.add_latency();
  charts.add_users();
  charts.add_times("Time to first token", "of streams", &RequestWindow::time_to_first_token,
                   {"llm_time_to_first_token", "llm_time_to_first_event"});
  charts.add_times(
      "Inter-token latency", "between the chunks of streams", &RequestWindow::inter_token,
      {"llm_inter_token_latency", "llm_time_per_output_token", "llm_stream_stall_max"});
  charts.add_tokens();
  return intro(columns, charts) + "<div class=\"times\">\n" + charts.html() + "</div>\n";
}

}  // namespace loader
