#include "loader/delivery/remote_write.h"

#include <snappy-c.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>
#include <utility>

#include "loader/summary/summary_data.h"
#include "shared/base/overloaded.h"

namespace loader {
namespace {

// Numbers of the fields in prompb/remote.proto and types.proto.
using FieldNumber = std::uint32_t;
struct PrometheusRequest {
  static constexpr FieldNumber kSeries = 1;
};
struct PrometheusSeries {
  static constexpr FieldNumber kLabels = 1, kSamples = 2, kHistograms = 4;
};
struct PrometheusLabel {
  static constexpr FieldNumber kName = 1, kValue = 2;
};
struct PrometheusSample {
  static constexpr FieldNumber kValue = 1, kTimestamp = 2;
};
struct PrometheusHistogram {
  static constexpr FieldNumber kCount = 1, kSum = 3, kSchema = 4, kZeroThreshold = 5,
                               kZeroCount = 6, kNegativeSpans = 8, kNegativeDeltas = 9,
                               kPositiveSpans = 11, kPositiveDeltas = 12, kTimestamp = 15;
};
struct PrometheusSpan {
  static constexpr FieldNumber kOffset = 1, kLength = 2;
};

// The one NaN that means "ends here" (model/value/value.go).
constexpr auto kStaleMarker = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});

std::string snappy_compressed(const std::string& bytes) {
  std::size_t size = snappy_max_compressed_length(bytes.size());
  std::string out(size, '\0');
  [[maybe_unused]] const snappy_status status =
      snappy_compress(bytes.data(), bytes.size(), out.data(), &size);
  assert(status == SNAPPY_OK);
  out.resize(size);
  return out;
}

void append_sample(ProtobufMessage& request, const std::string& labels, double value,
                   std::int64_t at) {
  ProtobufMessage sample;
  sample.add_double(PrometheusSample::kValue, value);
  sample.add_int(PrometheusSample::kTimestamp, at);
  ProtobufMessage series;
  series.append_fields(labels);
  series.add_message(PrometheusSeries::kSamples, sample);
  request.add_message(PrometheusRequest::kSeries, series);
}

void append_buckets(ProtobufMessage& message, const NativeHistogram::Buckets& buckets,
                    FieldNumber spans_field, FieldNumber deltas_field) {
  const BucketSpans spans = spans_of(buckets);
  for (const BucketSpans::Span& span : spans.spans) {
    ProtobufMessage each;
    each.add_signed(PrometheusSpan::kOffset, span.offset);
    each.add_unsigned(PrometheusSpan::kLength, span.length);
    message.add_message(spans_field, each);
  }
  ProtobufMessage deltas;
  for (const std::int64_t delta : spans.deltas) deltas.append_signed(delta);
  message.add_message(deltas_field, deltas);
}

void append_histogram(ProtobufMessage& request, const std::string& labels,
                      const NativeHistogram& histogram, std::int64_t at) {
  using Fields = PrometheusHistogram;
  ProtobufMessage message;
  message.add_unsigned(Fields::kCount, histogram.count());
  message.add_double(Fields::kSum, histogram.sum());
  message.add_signed(Fields::kSchema, NativeHistogram::kSchema);
  message.add_double(Fields::kZeroThreshold, NativeHistogram::kZeroThreshold);
  message.add_unsigned(Fields::kZeroCount, histogram.zeros());
  append_buckets(message, histogram.negative(), Fields::kNegativeSpans, Fields::kNegativeDeltas);
  append_buckets(message, histogram.positive(), Fields::kPositiveSpans, Fields::kPositiveDeltas);
  message.add_int(Fields::kTimestamp, at);
  ProtobufMessage series;
  series.append_fields(labels);
  series.add_message(PrometheusSeries::kHistograms, message);
  request.add_message(PrometheusRequest::kSeries, series);
}

std::int64_t unix_milliseconds(lab::WallTime at) {
  return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

double stat_of(const Trend& trend, const std::string& stat, ValueKind kind) {
  if (stat == "count") return static_cast<double>(trend.count());
  const double value = stat == "sum" ? trend.sum() : trend_stat(trend, stat);
  return kind == ValueKind::time ? value / 1000 : value;
}

std::string_view histogram_suffix(ValueKind kind) {
  if (kind == ValueKind::time) return "_seconds";
  return kind == ValueKind::data ? "_bytes" : "";
}

}  // namespace

lab::Result<void> check_remote_write_stat(std::string_view stat) {
  if (stat == "sum" || check_trend_stat(stat)) return {};
  return lab::Error{{},
                    "unknown statistic \"" + std::string(stat) +
                        "\"; use avg, min, med, max, count, sum or p(N), several with commas"};
}

std::string stat_suffix(std::string_view stat) {
  if (!stat.starts_with("p(")) return std::string(stat);
  std::string digits(stat.substr(2, stat.size() - 3));
  std::erase(digits, '.');
  return "p" + digits;
}

std::string prometheus_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (is_digit && out.empty()) out += '_';
    out += is_letter || is_digit ? c : '_';
  }
  return out;
}

std::map<std::string, std::string> prometheus_labels(const std::string& metric,
                                                     const TagTexts& tags) {
  std::map<std::string, std::string> labels{{"__name__", metric}};
  // A tag that is a label as it stands goes before one that becomes it.
  for (const bool is_changed : {false, true}) {
    for (const auto& [key, value] : tags) {
      const std::string name = prometheus_name(key);
      if ((name != key) != is_changed) continue;
      std::string free = name;
      for (unsigned n = 2; labels.contains(free); ++n) free = name + "_" + std::to_string(n);
      labels.emplace(free, value);
    }
  }
  return labels;
}

RemoteWrite::RemoteWrite(const MetricRegistry& registry, RunClock clock, RemoteWriteFormat format)
    : clock_(clock),
      format_(std::move(format)),
      series_(registry,
              format_.has_native_histograms ? TrendAs::native_histogram : TrendAs::trend) {}

std::string RemoteWrite::encoded_labels(const Series& series, std::string_view suffix) const {
  const std::string name =
      "k6_" + prometheus_name(series_.metric(series).name) + std::string(suffix);
  ProtobufMessage encoded;
  for (const auto& [label_name, value] : prometheus_labels(name, series_.tags(series))) {
    ProtobufMessage label;
    label.add_text(PrometheusLabel::kName, label_name);
    label.add_text(PrometheusLabel::kValue, value);
    encoded.add_message(PrometheusSeries::kLabels, label);
  }
  return encoded.bytes();
}

RemoteWrite::Known RemoteWrite::make_known(const Series& series) const {
  std::vector<std::string> suffixes;
  std::visit(lab::Overloaded{[&](const CounterSink&) { suffixes = {"_total"}; },
                             [&](const RateSink&) { suffixes = {"_rate"}; },
                             [&](const GaugeSink&) { suffixes = {""}; },
                             [&](const Trend&) {
                               for (const std::string& stat : format_.trend_stats) {
                                 suffixes.push_back("_" + stat_suffix(stat));
                               }
                             },
                             [&](const auto& /*histogram*/) {
                               const ValueKind kind = series_.metric(series).kind;
                               suffixes = {std::string(histogram_suffix(kind))};
                             }},
             series.value);
  Known known;
  for (const std::string& suffix : suffixes) {
    known.labels.push_back(encoded_labels(series, suffix));
  }
  return known;
}

void RemoteWrite::append(ProtobufMessage& request, const Series& series, const Known& known) const {
  const auto append_value = [&](double value) {
    append_sample(request, known.labels.front(), value, known.sent_at);
  };
  std::visit(lab::Overloaded{
                 [&](const CounterSink& counter) { append_value(counter.sum); },
                 [&](const GaugeSink& gauge) { append_value(gauge.value); },
                 [&](const RateSink& rate) { append_value(rate.rate()); },
                 [&](const Trend& trend) {
                   const ValueKind kind = series_.metric(series).kind;
                   for (std::size_t i = 0; i < known.labels.size(); ++i) {
                     append_sample(request, known.labels[i],
                                   stat_of(trend, format_.trend_stats[i], kind), known.sent_at);
                   }
                 },
                 [&](const NativeHistogram& histogram) {
                   append_histogram(request, known.labels.front(), histogram, known.sent_at);
                 },
                 [](const BorderedHistogram&) { assert(false); }},
             series.value);
}

std::vector<Batch> RemoteWrite::cut(lab::WallTime /*now*/) {
  std::vector<Batch> batches;
  ProtobufMessage request;
  std::uint64_t samples = 0;
  const auto close = [&] {
    if (samples > 0) batches.push_back({snappy_compressed(request.bytes()), samples});
    request = {};
    samples = 0;
  };
  std::deque<Series>& all = series_.all();
  for (std::size_t i = 0; i < all.size(); ++i) {
    Series& series = all[i];
    if (i == known_.size()) known_.push_back(make_known(series));
    if (series.fresh == 0) continue;
    Known& known = known_[i];
    // Two values of one millisecond would be a duplicate, of which the second is refused.
    known.sent_at = std::max(unix_milliseconds(clock_.wall(series.latest)), known.sent_at + 1);
    append(request, series, known);
    samples += std::exchange(series.fresh, 0);
    if (request.bytes().size() >= kBytesMax) close();
  }
  close();
  return batches;
}

std::vector<Batch> RemoteWrite::stale_markers(std::int64_t now) {
  std::vector<Batch> batches;
  ProtobufMessage request;
  for (Known& known : known_) {
    known.sent_at = std::max(now, known.sent_at) + 1;
    for (const std::string& labels : known.labels) {
      append_sample(request, labels, kStaleMarker, known.sent_at);
    }
    if (request.bytes().size() < kBytesMax) continue;
    batches.push_back({snappy_compressed(request.bytes()), 0});
    request = {};
  }
  if (!request.bytes().empty()) batches.push_back({snappy_compressed(request.bytes()), 0});
  return batches;
}

std::vector<Batch> RemoteWrite::finish(lab::WallTime now) {
  std::vector<Batch> batches = cut(now);
  if (!format_.has_stale_markers) return batches;
  for (Batch& markers : stale_markers(unix_milliseconds(now)))
    batches.push_back(std::move(markers));
  return batches;
}

}  // namespace loader
