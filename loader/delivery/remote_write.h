// Prometheus' remote write, version 1 (prometheus.io/docs/specs/prw/remote_write_spec): series with
// their latest values, under the names that k6 gives them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loader/delivery/batch.h"
#include "loader/delivery/protobuf.h"
#include "loader/delivery/series.h"
#include "loader/outputs/sample_output.h"
#include "shared/base/error.h"

namespace loader {

struct RemoteWriteFormat {
  /// Of trends, a gauge each: "p(99)", "avg", "min", "med", "max", "count", "sum".
  std::vector<std::string> trend_stats{"p(99)"};
  bool has_native_histograms = false;  ///< Instead of trend_stats.
  bool has_stale_markers = false;      ///< At the end; so series end there, and not minutes later.
};

/// An Error for a statistic that there is not.
[[nodiscard]] lab::Result<void> check_remote_write_stat(std::string_view stat);
/// "p(99.9)" to "p999", as k6 names them.
[[nodiscard]] std::string stat_suffix(std::string_view stat);
/// What may be the name of a metric or label: anything but letters, digits and underscores becomes
/// an underscore, as Prometheus skips a series without a word otherwise.
[[nodiscard]] std::string prometheus_name(std::string_view name);
/// The labels of a series, sorted by name as the specification wants it. Each tag has one of its
/// own: where the name is taken, "_2" is put behind it, or the next number that is free.
[[nodiscard]] std::map<std::string, std::string> prometheus_labels(const std::string& metric,
                                                                   const TagTexts& tags);

/// Times are seconds, values cumulative since the start of the run, timestamps those of the latest
/// sample. Bodies are compressed.
class RemoteWrite final : public BatchEncoder {
 public:
  /// Before compression; a batch has at least one series.
  static constexpr std::size_t kBytesMax = 4u << 20;

  /// `registry` must outlive it.
  RemoteWrite(const MetricRegistry& registry, RunClock clock, RemoteWriteFormat format);

  void add_tags(const TagTexts& tags) override { series_.add_tags(tags); }
  void add(std::span<const HandedSample> samples, std::size_t /*thread*/) override {
    series_.add(samples);
  }
  [[nodiscard]] std::vector<Batch> take_full() override { return {}; }
  [[nodiscard]] std::vector<Batch> cut(lab::WallTime now) override;
  [[nodiscard]] std::vector<Batch> finish(lab::WallTime now) override;

 private:
  /// What does not change of a series.
  struct Known {
    std::vector<std::string> labels{};  ///< Encoded, one for each time series that it becomes.
    std::int64_t sent_at = 0;           ///< Milliseconds; a later value must have a later one.
  };

  [[nodiscard]] Known make_known(const Series& series) const;
  [[nodiscard]] std::string encoded_labels(const Series& series, std::string_view suffix) const;
  /// Adds its time series to `request`.
  void append(ProtobufMessage& request, const Series& series, const Known& known) const;
  [[nodiscard]] std::vector<Batch> stale_markers(std::int64_t now);

  RunClock clock_;
  RemoteWriteFormat format_;
  SeriesTable series_;
  std::vector<Known> known_;  ///< As series_.all().
};

}  // namespace loader
