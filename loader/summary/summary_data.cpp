#include "loader/summary/summary_data.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <tuple>

namespace loader {
namespace {

// What a summary file has even if nobody asks: the percentiles that load tests are judged by.
constexpr std::string_view kAlways[] = {"p(50)", "p(90)", "p(95)", "p(99)"};

std::optional<double> percent_of(std::string_view name) {
  if (!name.starts_with("p(") || !name.ends_with(')')) return std::nullopt;
  const std::string_view digits = name.substr(2, name.size() - 3);
  double percent = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), percent);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  // Written so that NaN is refused too.
  if (!is_number || !(percent >= 0 && percent <= 100)) return std::nullopt;
  return percent;
}

TrendValues trend_values(const Trend& trend, const std::vector<std::string>& asked) {
  TrendValues values;
  const auto add = [&](std::string_view name) {
    const bool known = std::any_of(values.stats.begin(), values.stats.end(),
                                   [&](const auto& stat) { return stat.first == name; });
    if (!known) values.stats.emplace_back(name, trend_stat(trend, name));
  };
  for (const std::string& name : asked) add(name);
  for (const std::string_view name : kAlways) add(name);
  return values;
}

SummaryMetric summary_metric(const Metrics& metrics, MetricId id, const SummaryOptions& options) {
  const MetricInfo& info = metrics.registry().info(id);
  SummaryMetric summary{.name = info.name,
                        .type = info.type,
                        .kind = info.kind,
                        .values = {},
                        .has_samples = metrics.has_samples(id),
                        .thresholds = {}};
  switch (info.type) {
    case MetricType::counter: {
      const double sum = metrics.counter(id).sum;
      const double seconds = lab::to_seconds(options.duration);
      summary.values = CounterValues{.count = sum, .rate = seconds > 0 ? sum / seconds : 0};
      break;
    }
    case MetricType::gauge: {
      const GaugeSink& gauge = metrics.gauge(id);
      summary.values = GaugeValues{.value = gauge.value, .min = gauge.min, .max = gauge.max};
      break;
    }
    case MetricType::rate: {
      const RateSink& rate = metrics.rate(id);
      summary.values = RateValues{
          .rate = rate.rate(), .passes = rate.nonzero, .fails = rate.samples - rate.nonzero};
      break;
    }
    case MetricType::trend:
      summary.values = trend_values(metrics.trend(id), options.trend_stats);
      break;
  }
  return summary;
}

SummaryGroup summary_group(const Metrics& metrics, GroupId id) {
  const CheckTree& tree = metrics.check_tree();
  SummaryGroup group{
      .name = tree.group(id).name, .path = tree.group(id).path, .groups = {}, .checks = {}};
  for (std::size_t i = 0; i < tree.checks().size(); ++i) {
    const CheckTree::Check& check = tree.checks()[i];
    if (check.group != id) continue;
    const CheckTally tally = metrics.check({static_cast<std::uint16_t>(i)});
    group.checks.push_back({check.name, check.path, tally.passes, tally.fails});
  }
  // The root is at 0 and nobody's child.
  for (std::size_t i = 1; i < tree.groups().size(); ++i) {
    if (tree.groups()[i].parent == id) {
      group.groups.push_back(summary_group(metrics, {static_cast<std::uint16_t>(i)}));
    }
  }
  return group;
}

// "http_req_duration{status:200}" stands behind "http_req_duration", before "http_req_failed".
bool is_before(const SummaryMetric& a, const SummaryMetric& b) {
  const auto key = [](std::string_view name) {
    const std::string_view parent = name.substr(0, name.find('{'));
    return std::tuple(parent, name.substr(parent.size()));
  };
  return key(a.name) < key(b.name);
}

}  // namespace

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::transport:
      return "transport";
    case ErrorKind::status:
      return "status";
    case ErrorKind::stream:
      return "stream";
    case ErrorKind::answer:
      return "answer";
    case ErrorKind::other:
      break;
  }
  return "other";
}

bool SearchLevel::is_good() const {
  const bool holds = std::none_of(thresholds.begin(), thresholds.end(),
                                  [](const MetricVerdict& metric) { return metric.crossed(); });
  return holds && dropped == 0 && interrupted == 0;
}

std::optional<std::uint64_t> SearchSummary::last_good() const {
  std::optional<std::uint64_t> highest;
  for (const SearchLevel& level : levels) {
    if (level.is_good() && (!highest || level.rate > *highest)) highest = level.rate;
  }
  return highest;
}

std::optional<std::uint64_t> SearchSummary::first_bad() const {
  std::optional<std::uint64_t> lowest;
  for (const SearchLevel& level : levels) {
    if (!level.is_good() && (!lowest || level.rate < *lowest)) lowest = level.rate;
  }
  return lowest;
}

std::optional<double> TrendValues::stat(std::string_view name) const {
  const auto found = std::find_if(stats.begin(), stats.end(),
                                  [&](const auto& stat) { return stat.first == name; });
  if (found == stats.end() || std::isnan(found->second)) return std::nullopt;
  return found->second;
}

lab::Result<void> check_trend_stat(std::string_view name) {
  for (const std::string_view known : {"avg", "min", "med", "max", "count"}) {
    if (name == known) return {};
  }
  if (percent_of(name)) return {};
  return lab::Error{{},
                    "invalid trend statistic \"" + std::string(name) +
                        "\"; use avg, min, med, max, count or p(N) with N from 0 to 100"};
}

double trend_stat(const Trend& trend, std::string_view name) {
  if (name == "avg") return trend.mean();
  if (name == "min") return trend.min();
  if (name == "max") return trend.max();
  if (name == "med") return trend.percentile(50);
  if (name == "count") return static_cast<double>(trend.count());
  return trend.percentile(percent_of(name).value_or(0));
}

SummaryData make_summary_data(const Metrics& metrics, const ThresholdReport& thresholds,
                              SummaryOptions options) {
  SummaryData data;
  for (std::size_t i = 0; i < metrics.registry().metrics().size(); ++i) {
    const MetricId id{static_cast<std::uint16_t>(i)};
    const auto verdict =
        std::find_if(thresholds.metrics.begin(), thresholds.metrics.end(),
                     [&](const MetricVerdict& metric) { return metric.metric == id; });
    const bool has_thresholds = verdict != thresholds.metrics.end();
    // As in k6 the parent of one with thresholds is there as well.
    const bool is_judged_in_part =
        std::ranges::any_of(thresholds.metrics, [&](const MetricVerdict& each) {
          return metrics.registry().info(each.metric).parent == id;
        });
    if (!metrics.has_samples(id) && !has_thresholds && !is_judged_in_part) continue;
    SummaryMetric summary = summary_metric(metrics, id, options);
    if (has_thresholds) summary.thresholds = verdict->results;
    data.metrics.push_back(std::move(summary));
  }
  std::sort(data.metrics.begin(), data.metrics.end(), is_before);
  data.root = summary_group(metrics, {});
  data.errors = std::move(options.errors);
  data.trend_stats = std::move(options.trend_stats);
  data.time_unit = std::move(options.time_unit);
  data.duration = options.duration;
  return data;
}

}  // namespace loader
