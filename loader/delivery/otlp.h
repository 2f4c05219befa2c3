// OpenTelemetry's protocol (opentelemetry-proto, metrics.proto): the instruments that k6's output
// makes of its metrics, cumulative since the start of the run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/delivery/batch.h"
#include "loader/delivery/delivery_target.h"
#include "loader/delivery/protobuf.h"
#include "loader/delivery/series.h"
#include "loader/outputs/sample_output.h"

namespace loader {

struct OtlpFormat {
  std::string service_name = "k6";
  std::string service_version = LAB_VERSION;
  std::string metric_prefix{};
  /// A rate is one counter, NAME.total with an attribute condition of zero or nonzero; else, as
  /// before k6's version 1.4, two: NAME.occurred and NAME.total.
  bool has_single_counter_for_rate = true;
};

/// An export has all series, also those without a new sample, as an SDK's has. Times keep
/// milliseconds, of unit "ms".
class Otlp final : public BatchEncoder {
 public:
  /// `registry` must outlive it.
  Otlp(const MetricRegistry& registry, RunClock clock, OtlpFormat format);

  void add_tags(const TagTexts& tags) override { series_.add_tags(tags); }
  void add(std::span<const HandedSample> samples, std::size_t /*thread*/) override {
    series_.add(samples);
  }
  [[nodiscard]] std::vector<Batch> take_full() override { return {}; }
  /// Nothing if there is no new sample.
  [[nodiscard]] std::vector<Batch> cut(lab::WallTime now) override;

 private:
  struct Times {
    std::uint64_t start = 0;
    std::uint64_t now = 0;
  };
  using SameMetric = std::vector<const Series*>;

  /// Instruments of one metric, at least one series.
  void append_metric(ProtobufMessage& scope, const SameMetric& series, Times times) const;
  void append_counter(ProtobufMessage& scope, const SameMetric& series, Times times) const;
  void append_rate(ProtobufMessage& scope, const SameMetric& series, Times times) const;
  [[nodiscard]] ProtobufMessage metric_head(const Series& series, std::string_view suffix) const;
  [[nodiscard]] ProtobufMessage histogram_point(const Series& series, Times times) const;
  /// The attributes, which are the same each time, under the field's number.
  [[nodiscard]] std::string attributes(const Series& series, std::uint32_t field) const;

  RunClock clock_;
  OtlpFormat format_;
  SeriesTable series_;
};

/// What a server says that has taken a part only (ExportMetricsPartialSuccess): how many points it
/// refused, and why. None if it took all, or says something else. No sample is lost by that: points
/// tell everything since the start.
[[nodiscard]] std::optional<LeftOut> otlp_left_out(unsigned status, std::string_view body);

}  // namespace loader
