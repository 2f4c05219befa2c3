#include "loader/summary/run_story.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "loader/summary/failing_stretches.h"
#include "loader/summary/load_levels.h"
#include "loader/summary/run_ending.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_parts.h"

namespace loader {
namespace {

// A stretch that has less of all failures is none to tell of.
constexpr double kToldShare = 0.2;
constexpr std::uint64_t kToldFailures = 3;
constexpr std::size_t kModelsTold = 4;
constexpr double kAlike = 0.2;
constexpr std::size_t kBreachesTold = 6;
// Fewer values make no median that is worth a sentence.
constexpr std::uint64_t kValuesLeast = 30;
constexpr double kSlower = 1.3;
constexpr double kDrifted = 1.08;  // Where it is certain that latency drifts.
constexpr double kSlowMinute = 2;
// So much more load than ever before is no coincidence of counting.
constexpr double kRisen = 1.03;

// No model is called so: names that are shown have no line breaks.
constexpr std::string_view kAllModels = "\n";

using Story = std::vector<StorySentence>;

std::string requests_failed(const RequestWindow& window) {
  return std::to_string(window.failed) + " of " + std::to_string(window.requests) +
         " requests failed (" + format_share(failed_share(window)) + ")";
}

std::string milliseconds_text(double ms) { return format_milliseconds(ms, ""); }

void tell_outcome(const SummaryData& data, const RunColumns& columns, Story& story) {
  const RequestWindow total = columns.all.total();
  const std::string took = " in " + milliseconds_text(lab::to_milliseconds(data.duration)) + ".";
  if (total.failed > 0) {
    story.push_back({.text = requests_failed(total) + took, .is_bad = true});
  } else if (total.requests > 0) {
    story.push_back(
        {.text = "None of " + std::to_string(total.requests) + " requests failed" + took});
  }
}

void tell_ending(const SummaryData& data, const std::optional<RunColumns>& columns, Story& story) {
  const std::vector<std::string> sentences = ending_sentences(data);
  for (const std::string& sentence : sentences) {
    story.push_back({.text = sentence, .is_bad = true});
  }
  if (!sentences.empty() || !columns || columns->all.total().requests > 0) return;
  story.push_back({.text = "No request ended in " +
                           milliseconds_text(lab::to_milliseconds(data.duration)) + "."});
}

void tell_load(const RunColumns& columns, Story& story) {
  for (std::string& sentence : load_sentences(load_levels(columns))) {
    story.push_back({.text = std::move(sentence), .is_bad = true});
  }
}

// ---- Failures

/// What most failures of some requests were; none: nothing failed.
std::optional<std::size_t> most_frequent_kind(const RequestWindow& window) {
  const auto most = std::ranges::max_element(window.failures);
  if (most == window.failures.end() || *most == 0) return std::nullopt;
  return static_cast<std::size_t>(most - window.failures.begin());
}

std::string kind_text(const OverTime& over_time, const RequestWindow& window) {
  const auto kind = most_frequent_kind(window);
  if (!kind) return {};
  const std::string& name = over_time.failure_kinds[*kind];
  const std::uint64_t count = window.failures[*kind];
  if (count == window.failed) return (count == 1 ? ", " : ", all ") + name;
  return ", mostly " + name + " (" + std::to_string(count) + ")";
}

// A request that has failed as most of these have.
std::string example_of(const RequestWindow& window) {
  const auto kind = most_frequent_kind(window);
  return kind && *kind < window.examples.size() ? window.examples[*kind] : std::string();
}

/// Of the errors of a model, or of all.
bool is_about(const ErrorTally& error, const NamedSeries& of) {
  return of.name == kAllModels || error.model == of.name;
}

std::string subject_of(const std::string& model) {
  if (model == kAllModels) return "All models: ";
  return model.empty() ? "Requests that are no chats: " : "Model " + model + ": ";
}

// When a stretch began and ended: errors know it better than columns.
TimeSpan span_of(const SummaryData& data, const RunColumns& columns, const NamedSeries& of,
                 const FailingStretch& stretch) {
  TimeSpan span{columns.axis.from(stretch.from), columns.axis.to(stretch.to - 1)};
  std::optional<lab::Duration> first;
  std::optional<lab::Duration> last;
  for (const ErrorTally& error : data.errors) {
    if (!is_about(error, of)) continue;
    const bool is_first = !first || error.first < *first;
    const bool is_last = !last || error.last > *last;
    if (is_first && error.first >= span.from && error.first <= span.to) first = error.first;
    if (is_last && error.last >= span.from && error.last <= span.to) last = error.last;
  }
  const lab::Duration column = columns.axis.column;
  if (first && *first <= span.from + column) span.from = *first;
  if (last && *last + column >= span.to) span.to = *last;
  return span;
}

// Whether load had just risen to what it had not been before; empty: it had not.
std::string load_at_start(const RunColumns& columns, const FailingStretch& stretch) {
  const std::vector<UserWindow>& users = columns.over_time.users;
  if (stretch.from == 0 || stretch.from >= users.size()) return {};
  double before = 0;
  for (std::size_t i = 0; i < stretch.from; ++i) before = std::max(before, users[i].active_vus);
  const double at_start = users[stretch.from].active_vus;
  if (before <= 0 || at_start < kRisen * before) return {};
  return "; it began with " + format_short(std::round(at_start)) +
         " active virtual users, more than there were before";
}

void tell_stretch(const SummaryData& data, const RunColumns& columns, const NamedSeries& of,
                  const FailingStretch& stretch, Story& story) {
  const auto [from, to] = span_of(data, columns, of, stretch);
  const bool is_all =
      stretch.from == of.series.first && stretch.to + kFailingGapMax >= of.series.end();
  story.push_back({.text = subject_of(of.name) + requests_failed(stretch.total) +
                           (is_all ? " all along, " : " from ") + clock_span(from, to) +
                           kind_text(columns.over_time, stretch.total) +
                           load_at_start(columns, stretch) + ".",
                   .is_bad = true,
                   .request_id = example_of(stretch.total)});
}

void tell_failures_of(const SummaryData& data, const RunColumns& columns, const NamedSeries& of,
                      Story& story) {
  const RequestWindow total = of.series.total();
  if (total.failed == 0) return;
  std::vector<FailingStretch> stretches = failing_stretches(of.series);
  const std::size_t all = stretches.size();
  std::erase_if(stretches, [&](const FailingStretch& stretch) {
    return stretch.total.failed < kToldFailures ||
           static_cast<double>(stretch.total.failed) <
               kToldShare * static_cast<double>(total.failed);
  });
  for (const FailingStretch& stretch : stretches) {
    tell_stretch(data, columns, of, stretch, story);
  }
  if (!stretches.empty()) return;
  std::size_t first = of.series.end();
  std::size_t last = of.series.first;
  for (std::size_t i = of.series.first; i < of.series.end(); ++i) {
    if (of.series.find(i)->failed == 0) continue;
    first = std::min(first, i);
    last = i;
  }
  const std::string how = total.failed == total.requests ? ""
                          : all > kFailingGapMax         ? ", in many short stretches"
                                                         : ", here and there";
  const lab::Duration from = columns.axis.from(first);
  const lab::Duration to = columns.axis.to(last);
  story.push_back({.text = subject_of(of.name) + requests_failed(total) + how + " between " +
                           clock_text(from) + " and " + clock_text(to) +
                           kind_text(columns.over_time, total) + ".",
                   .is_bad = failed_share(total) >= 0.01,
                   .request_id = example_of(total)});
}

// Of several: what one of them says, the others would say again.
bool fail_alike(const RunColumns& columns) {
  const double share = failed_share(columns.all.total());
  return columns.models.size() > 1 &&
         std::ranges::all_of(columns.models, [&](const NamedSeries& model) {
           return std::abs(failed_share(model.series.total()) - share) < share * kAlike;
         });
}

void tell_failures(const SummaryData& data, const RunColumns& columns, Story& story) {
  if (fail_alike(columns)) {
    tell_failures_of(data, columns, {std::string(kAllModels), columns.all}, story);
    return;
  }
  std::vector<NamedSeries> all = columns.models;
  all.push_back(
      {{}, columns.over_time.sum([](const RequestSeries& each) { return each.model.empty(); })});
  std::ranges::stable_sort(all, [](const NamedSeries& a, const NamedSeries& b) {
    return a.series.total().failed > b.series.total().failed;
  });
  all.resize(std::min(all.size(), kModelsTold));
  for (const NamedSeries& each : all) tell_failures_of(data, columns, each, story);
}

void tell_drops(const RunColumns& columns, Story& story) {
  std::uint64_t dropped = 0;
  std::optional<std::size_t> first;
  const std::vector<UserWindow>& users = columns.over_time.users;
  for (std::size_t i = 0; i < users.size(); ++i) {
    dropped += users[i].dropped;
    if (users[i].dropped > 0 && !first) first = i;
  }
  if (!first) return;
  story.push_back({.text = std::to_string(dropped) +
                           (dropped == 1 ? " iteration was" : " iterations were") +
                           " due and not started, for want of virtual users; from " +
                           clock_text(columns.axis.from(*first)) + " on.",
                   .is_bad = true});
}

// ---- Latency

Sketch successes(const RequestSeries& series, std::size_t from, std::size_t to) {
  Sketch sum;
  for (std::size_t i = from; i < to; ++i) {
    if (const RequestWindow* const window = series.find(i)) sum.merge(window->succeeded);
  }
  return sum;
}

// The id of the success that took the longest.
std::string slowest(const RequestSeries& series, std::size_t from, std::size_t to) {
  const RequestWindow* most = nullptr;
  for (std::size_t i = from; i < to; ++i) {
    const RequestWindow* const window = series.find(i);
    if (window == nullptr || window->slowest.empty()) continue;
    if (most == nullptr || window->succeeded.max() > most->succeeded.max()) most = window;
  }
  return most == nullptr ? "" : most->slowest;
}

double users_within(const RunColumns& columns, std::size_t from, std::size_t to) {
  const std::vector<UserWindow>& users = columns.over_time.users;
  double sum = 0;
  for (std::size_t i = from; i < std::min(to, users.size()); ++i) sum += users[i].active_vus;
  return sum / static_cast<double>(to - from);
}

// The first quarter of the run and the last one. `slower` makes the difference worth a sentence.
void tell_drift(const RunColumns& columns, const NamedSeries& of, double slower, Story& story) {
  const std::size_t all = columns.axis.columns;
  const std::size_t quarter = all / 4;
  if (quarter == 0) return;
  const Sketch early = successes(of.series, 0, quarter);
  const Sketch late = successes(of.series, all - quarter, all);
  if (std::min(early.count(), late.count()) < kValuesLeast) return;
  const double ratio = late.percentile(50) / early.percentile(50);
  if (ratio < slower && ratio > 1 / slower) return;
  story.push_back({.text = subject_of(of.name) + "the median latency of successes went from " +
                           milliseconds_text(early.percentile(50)) +
                           " in the first quarter of the run to " +
                           milliseconds_text(late.percentile(50)) + " in the last, with " +
                           format_short(users_within(columns, 0, quarter)) + " and " +
                           format_short(users_within(columns, all - quarter, all)) +
                           " active virtual users on average.",
                   .is_bad = ratio > 1,
                   .request_id = ratio > 1 ? slowest(of.series, all - quarter, all) : ""});
}

std::string minute_name(const RunColumns& columns, std::size_t length) {
  const lab::Duration span = columns.axis.column * static_cast<std::int64_t>(length);
  return span == std::chrono::minutes(1) ? "minute" : lab::format_duration(span);
}

// The minute with the highest p95, if that is far above what it mostly is.
void tell_slow_minute(const RunColumns& columns, const NamedSeries& of, Story& story) {
  const auto columns_in_a_minute = std::chrono::minutes(1) / columns.axis.column;
  const auto length = static_cast<std::size_t>(std::max<std::int64_t>(columns_in_a_minute, 1));
  std::vector<double> all;
  double worst = 0;
  std::size_t worst_at = 0;
  for (std::size_t i = 0; i + length <= columns.axis.columns; ++i) {
    const Sketch minute = successes(of.series, i, i + length);
    if (minute.count() < kValuesLeast) continue;
    const double p95 = minute.percentile(95);
    all.push_back(p95);
    if (p95 <= worst) continue;
    worst = p95;
    worst_at = i;
  }
  if (all.size() < 2) return;
  std::ranges::sort(all);
  const double usual = all[all.size() / 2];
  if (worst < kSlowMinute * usual) return;
  story.push_back(
      {.text = subject_of(of.name) + "slowest " + minute_name(columns, length) + " from " +
               clock_span(columns.axis.from(worst_at), columns.axis.to(worst_at + length - 1)) +
               ": p95 of successes " + milliseconds_text(worst) + ", usually " +
               milliseconds_text(usual) + ".",
       .is_bad = true,
       .request_id = slowest(of.series, worst_at, worst_at + length)});
}

const GaugeValues* gauge_of(const SummaryData& data, std::string_view name) {
  const SummaryMetric* const metric = find_metric(data.metrics, name);
  return metric == nullptr || !metric->has_samples ? nullptr
                                                   : std::get_if<GaugeValues>(&metric->values);
}

/// Of latency, in percent an hour.
struct Slope {
  double value = 0;
  double low = 0;
  double high = 0;
};

// None: it was not measured, or its interval is around zero, which is no drift.
std::optional<Slope> certain_slope(const SummaryData& data) {
  const GaugeValues* const value = gauge_of(data, "llm_latency_drift");
  const GaugeValues* const low = gauge_of(data, "llm_latency_drift_low");
  const GaugeValues* const high = gauge_of(data, "llm_latency_drift_high");
  if (value == nullptr || low == nullptr || high == nullptr) return std::nullopt;
  if (low->value <= 0 && high->value >= 0) return std::nullopt;
  return Slope{value->value, low->value, high->value};
}

void tell_slope(const Slope& slope, const RunColumns& columns, Story& story) {
  const std::size_t all = columns.axis.columns;
  const bool is_bad = slope.low > 0;
  story.push_back({.text = "Latency drifts by " + format_short(slope.value) +
                           "% per hour (95% confidence: " + format_short(slope.low) + "% to " +
                           format_short(slope.high) + "%).",
                   .is_bad = is_bad,
                   .request_id = is_bad ? slowest(columns.all, all - all / 4, all) : ""});
}

void tell_latency_of(const RunColumns& columns, const NamedSeries& of, bool drifts, Story& story) {
  tell_drift(columns, of, drifts ? kDrifted : kSlower, story);
  tell_slow_minute(columns, of, story);
}

void tell_latency(const SummaryData& data, const RunColumns& columns, Story& story) {
  const auto slope = certain_slope(data);
  if (slope) tell_slope(*slope, columns, story);
  const std::size_t told = std::min(columns.models.size(), kModelsTold);
  for (std::size_t i = 0; i < told; ++i) {
    tell_latency_of(columns, columns.models[i], slope.has_value(), story);
  }
  if (columns.models.empty()) {
    tell_latency_of(columns, {{}, columns.all}, slope.has_value(), story);
  }
}

void tell_breaches(const SummaryData& data, const RunColumns& columns, Story& story) {
  std::size_t told = 0;
  for (const ThresholdBreach& breach : columns.over_time.breaches) {
    if (breach.spans.empty() || told++ >= kBreachesTold) continue;
    const bool is_open = breach.spans.back().to + columns.axis.column >= columns.axis.end;
    const std::string spans = breach.spans.size() == 1
                                  ? ""
                                  : " in " + std::to_string(breach.spans.size()) + " stretches,";
    story.push_back({.text = "Threshold " + breach.metric + " " + breach.threshold +
                             ", over the run so far, did not hold" + spans + " from " +
                             clock_text(breach.spans.front().from) +
                             (is_open ? (data.facts.is_over ? " to the end." : " until now.")
                                      : " to " + clock_text(breach.spans.back().to) + "."),
                     .is_bad = is_open});
  }
}

}  // namespace

std::vector<StorySentence> run_story(const SummaryData& data,
                                     const std::optional<RunColumns>& columns) {
  Story story;
  if (columns) tell_outcome(data, *columns, story);
  tell_ending(data, columns, story);
  if (!columns) return story;
  tell_load(*columns, story);
  tell_failures(data, *columns, story);
  tell_drops(*columns, story);
  tell_latency(data, *columns, story);
  tell_breaches(data, *columns, story);
  return story;
}

}  // namespace loader
