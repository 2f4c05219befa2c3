#include "loader/delivery/otlp.h"

#include <algorithm>
#include <map>
#include <utility>

#include "shared/base/overloaded.h"

namespace loader {
namespace {

// Numbers of the fields in opentelemetry/proto/{collector/metrics,metrics,common,resource}/v1.
using OtlpNumber = std::uint32_t;
struct OtlpRequest {
  static constexpr OtlpNumber kResourceMetrics = 1;
};
struct OtlpResourceMetrics {
  static constexpr OtlpNumber kResource = 1, kScopeMetrics = 2;
};
struct OtlpResource {
  static constexpr OtlpNumber kAttributes = 1;
};
struct OtlpScopeMetrics {
  static constexpr OtlpNumber kScope = 1, kMetrics = 2;
};
struct OtlpScope {
  static constexpr OtlpNumber kName = 1;
};
struct OtlpMetric {
  static constexpr OtlpNumber kName = 1, kUnit = 3, kGauge = 5, kSum = 7, kHistogram = 9;
};
struct OtlpData {
  static constexpr OtlpNumber kPoints = 1, kTemporality = 2, kIsMonotonic = 3;
};
struct OtlpPoint {
  static constexpr OtlpNumber kStart = 2, kTime = 3, kAsDouble = 4, kAsInt = 6, kAttributes = 7;
};
struct OtlpHistogramPoint {
  static constexpr OtlpNumber kStart = 2, kTime = 3, kCount = 4, kSum = 5, kBucketCounts = 6,
                              kExplicitBounds = 7, kAttributes = 9, kMin = 11, kMax = 12;
};
struct OtlpKeyValue {
  static constexpr OtlpNumber kKey = 1, kValue = 2;
};
struct OtlpAnyValue {
  static constexpr OtlpNumber kString = 1;
};
constexpr std::uint64_t kCumulative = 2;

void add_attribute(ProtobufMessage& message, std::uint32_t field, std::string_view key,
                   std::string_view value) {
  ProtobufMessage any;
  any.add_text(OtlpAnyValue::kString, value);
  ProtobufMessage attribute;
  attribute.add_text(OtlpKeyValue::kKey, key);
  attribute.add_message(OtlpKeyValue::kValue, any);
  message.add_message(field, attribute);
}

std::uint64_t unix_nanoseconds(lab::WallTime at) {
  return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

void add_sum(ProtobufMessage& metric, ProtobufMessage& points) {
  points.add_unsigned(OtlpData::kTemporality, kCumulative);
  points.add_unsigned(OtlpData::kIsMonotonic, 1);
  metric.add_message(OtlpMetric::kSum, points);
}

std::string_view otlp_unit(ValueKind kind) {
  if (kind == ValueKind::time) return "ms";
  return kind == ValueKind::data ? "By" : "";
}

/// Reads the fields of a message one after the other, as far as they are whole.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : rest_(bytes) {}
  /// False at the end, and at what can't be read.
  bool next() {
    std::uint64_t key = 0;
    if (rest_.empty() || !read_varint(key)) return false;
    field_ = key >> 3;
    bytes_ = {};
    if ((key & 7) == 0) return read_varint(number_);
    if ((key & 7) != 2 || !read_varint(number_) || number_ > rest_.size()) return false;
    bytes_ = rest_.substr(0, number_);
    rest_.remove_prefix(number_);
    return true;
  }
  [[nodiscard]] std::uint64_t field() const { return field_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  bool read_varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  std::string_view rest_;
  std::uint64_t field_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
};

}  // namespace

Otlp::Otlp(const MetricRegistry& registry, RunClock clock, OtlpFormat format)
    : clock_(clock), format_(std::move(format)), series_(registry, TrendAs::bordered_histogram) {}

std::string Otlp::attributes(const Series& series, std::uint32_t field) const {
  ProtobufMessage message;
  for (const auto& [key, value] : series_.tags(series)) add_attribute(message, field, key, value);
  return message.bytes();
}

ProtobufMessage Otlp::metric_head(const Series& series, std::string_view suffix) const {
  const MetricInfo& info = series_.metric(series);
  ProtobufMessage metric;
  metric.add_text(OtlpMetric::kName, format_.metric_prefix + info.name + std::string(suffix));
  const std::string_view unit = info.type == MetricType::rate ? "" : otlp_unit(info.kind);
  if (!unit.empty()) metric.add_text(OtlpMetric::kUnit, unit);
  return metric;
}

void Otlp::append_counter(ProtobufMessage& scope, const SameMetric& series, Times times) const {
  const bool is_gauge = std::holds_alternative<GaugeSink>(series.front()->value);
  ProtobufMessage points;
  for (const Series* each : series) {
    ProtobufMessage point;
    point.add_fixed(OtlpPoint::kStart, times.start);
    point.add_fixed(OtlpPoint::kTime, times.now);
    point.add_double(OtlpPoint::kAsDouble, is_gauge ? std::get<GaugeSink>(each->value).value
                                                    : std::get<CounterSink>(each->value).sum);
    point.append_fields(attributes(*each, OtlpPoint::kAttributes));
    points.add_message(OtlpData::kPoints, point);
  }
  ProtobufMessage metric = metric_head(*series.front(), "");
  if (is_gauge) {
    metric.add_message(OtlpMetric::kGauge, points);
  } else {
    add_sum(metric, points);
  }
  scope.add_message(OtlpScopeMetrics::kMetrics, metric);
}

void Otlp::append_rate(ProtobufMessage& scope, const SameMetric& series, Times times) const {
  ProtobufMessage total;
  ProtobufMessage occurred;
  const auto add = [&](ProtobufMessage& points, const Series& of, std::uint64_t count,
                       std::string_view condition) {
    // A counter that was never added to does not exist.
    if (count == 0) return;
    ProtobufMessage point;
    point.add_fixed(OtlpPoint::kStart, times.start);
    point.add_fixed(OtlpPoint::kTime, times.now);
    point.add_fixed(OtlpPoint::kAsInt, count);
    point.append_fields(attributes(of, OtlpPoint::kAttributes));
    if (!condition.empty()) add_attribute(point, OtlpPoint::kAttributes, "condition", condition);
    points.add_message(OtlpData::kPoints, point);
  };
  for (const Series* each : series) {
    const auto& rate = std::get<RateSink>(each->value);
    if (format_.has_single_counter_for_rate) {
      add(total, *each, rate.samples - rate.nonzero, "zero");
      add(total, *each, rate.nonzero, "nonzero");
    } else {
      add(total, *each, rate.samples, "");
      add(occurred, *each, rate.nonzero, "");
    }
  }
  for (auto [points, suffix] : {std::pair(&occurred, ".occurred"), std::pair(&total, ".total")}) {
    if (points->bytes().empty()) continue;
    ProtobufMessage metric = metric_head(*series.front(), suffix);
    add_sum(metric, *points);
    scope.add_message(OtlpScopeMetrics::kMetrics, metric);
  }
}

ProtobufMessage Otlp::histogram_point(const Series& series, Times times) const {
  const auto& histogram = std::get<BorderedHistogram>(series.value);
  ProtobufMessage point;
  point.add_fixed(OtlpHistogramPoint::kStart, times.start);
  point.add_fixed(OtlpHistogramPoint::kTime, times.now);
  point.add_fixed(OtlpHistogramPoint::kCount, histogram.count);
  point.add_double(OtlpHistogramPoint::kSum, histogram.sum);
  ProtobufMessage counts;
  for (const std::uint64_t count : histogram.counts) counts.append_fixed(count);
  point.add_message(OtlpHistogramPoint::kBucketCounts, counts);
  ProtobufMessage bounds;
  for (const double bound : BorderedHistogram::kBorders) bounds.append_double(bound);
  point.add_message(OtlpHistogramPoint::kExplicitBounds, bounds);
  point.append_fields(attributes(series, OtlpHistogramPoint::kAttributes));
  point.add_double(OtlpHistogramPoint::kMin, histogram.min);
  point.add_double(OtlpHistogramPoint::kMax, histogram.max);
  return point;
}

void Otlp::append_metric(ProtobufMessage& scope, const SameMetric& series, Times times) const {
  const Series::Value& value = series.front()->value;
  if (std::holds_alternative<RateSink>(value)) return append_rate(scope, series, times);
  if (!std::holds_alternative<BorderedHistogram>(value)) {
    return append_counter(scope, series, times);
  }
  ProtobufMessage points;
  for (const Series* each : series) {
    points.add_message(OtlpData::kPoints, histogram_point(*each, times));
  }
  points.add_unsigned(OtlpData::kTemporality, kCumulative);
  ProtobufMessage metric = metric_head(*series.front(), "");
  metric.add_message(OtlpMetric::kHistogram, points);
  scope.add_message(OtlpScopeMetrics::kMetrics, metric);
}

std::vector<Batch> Otlp::cut(lab::WallTime now) {
  std::uint64_t samples = 0;
  std::map<std::uint16_t, SameMetric> by_metric;
  for (Series& series : series_.all()) {
    samples += std::exchange(series.fresh, 0);
    by_metric[series.metric.index].push_back(&series);
  }
  if (samples == 0) return {};
  ProtobufMessage scope;
  scope.add_text(OtlpScope::kName, "k6");
  ProtobufMessage scope_metrics;
  scope_metrics.add_message(OtlpScopeMetrics::kScope, scope);
  const Times times{unix_nanoseconds(clock_.wall_start), unix_nanoseconds(now)};
  for (const auto& [metric, series] : by_metric) append_metric(scope_metrics, series, times);
  ProtobufMessage resource;
  add_attribute(resource, OtlpResource::kAttributes, "service.name", format_.service_name);
  add_attribute(resource, OtlpResource::kAttributes, "service.version", format_.service_version);
  ProtobufMessage resource_metrics;
  resource_metrics.add_message(OtlpResourceMetrics::kResource, resource);
  resource_metrics.add_message(OtlpResourceMetrics::kScopeMetrics, scope_metrics);
  ProtobufMessage request;
  request.add_message(OtlpRequest::kResourceMetrics, resource_metrics);
  return {{request.bytes(), samples}};
}

std::optional<LeftOut> otlp_left_out(unsigned status, std::string_view body) {
  if (status < 200 || status > 299) return std::nullopt;
  enum : std::uint64_t { kPartialSuccess = 1, kRejected = 1, kMessage = 2 };
  for (ProtobufReader answer(body); answer.next();) {
    if (answer.field() != kPartialSuccess) continue;
    std::uint64_t rejected = 0;
    std::string why;
    for (ProtobufReader part(answer.bytes()); part.next();) {
      if (part.field() == kRejected) rejected = part.number();
      if (part.field() == kMessage) why = part.bytes();
    }
    if (rejected == 0 && why.empty()) return std::nullopt;
    return LeftOut{.why = std::to_string(rejected) + " points refused" +
                          (why.empty() ? "" : ": " + why)};
  }
  return std::nullopt;
}

}  // namespace loader
