// InfluxDB's line protocol: a point for each sample, as k6 writes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/delivery/batch.h"
#include "loader/delivery/delivery_target.h"
#include "loader/metrics/metric_registry.h"
#include "loader/outputs/sample_output.h"

namespace loader {

/// What a tag becomes that is a field.
enum class FieldKind : std::uint8_t { text, integer, number, boolean };

/// The unit of timestamps.
enum class TimePrecision : std::uint8_t {
  nanoseconds,
  microseconds,
  milliseconds,
  seconds,
  minutes,
  hours
};

struct LineFormat {
  /// Tags that are fields, since their many values would each be a series of InfluxDB's index.
  std::vector<std::pair<std::string, FieldKind>> fields{
      {"vu", FieldKind::text}, {"iter", FieldKind::text}, {"url", FieldKind::text}};
  TimePrecision precision = TimePrecision::nanoseconds;
  std::size_t threads = 1;  ///< That measure; at least 1. Samples are of those below it.
  /// A batch has at most so many bytes, but at least one point.
  std::size_t bytes_max = kBytesMaxDefault;
  /// InfluxDB's manual recommends 5,000 to 10,000 points a write.
  static constexpr std::size_t kPointsMax = 5'000;
  static constexpr std::size_t kBytesMaxDefault = 4u << 20;
  /// That most batches do not need.
  static constexpr std::size_t kBodyBytes = 1u << 20;
  /// Whose memory is used again: new memory costs more than what is written there, since the kernel
  /// has to clear it first. As many as wait to be sent, if each is full.
  static constexpr std::size_t kBodiesKept = 8;
  /// Less is not split.
  static constexpr std::size_t kSplitBytesMin = 1024;
};

/// ",key=value" for each tag that is one, a space, and "key=value," for each that is a field. Empty
/// tags are left out, as InfluxDB has none. What a tag can't hold there, a line break or a
/// backslash at its end, becomes a space.
[[nodiscard]] std::string line_tags(const TagTexts& tags, const LineFormat& format);

/// What InfluxDB says of a write that it took in part: "partial write: … dropped=3".
[[nodiscard]] std::optional<LeftOut> influxdb_left_out(unsigned status, std::string_view body);

/// Points of one series at one instant would be one point: those after the first are moved on, if
/// precision has nanoseconds. Each of n threads has every n-th nanosecond for its own, since what
/// another writes at the same instant is not known when a time is given.
class LineProtocol final : public BatchEncoder {
 public:
  /// `registry` must outlive it.
  LineProtocol(const MetricRegistry& registry, RunClock clock, LineFormat format);

  void add_tags(const TagTexts& tags) override;
  void add(std::span<const HandedSample> samples, std::size_t thread) override;
  [[nodiscard]] std::vector<Batch> take_full() override;
  [[nodiscard]] std::vector<Batch> cut(lab::WallTime now) override;
  /// What is cut from here on is smaller; until a small one is too large as well, which says that
  /// size is not what the server minds.
  [[nodiscard]] std::vector<Batch> split(const Batch& batch) override;
  void reuse(std::string body) override;

 private:
  /// That were written, by thread.
  using LatestTimes = std::vector<lab::WallTime>;
  struct PointSeries {
    MetricId metric;
    std::string head;               ///< Of a line, up to its value.
    LatestTimes* latest = nullptr;  ///< One of latest_.
  };
  struct SeriesOfTags {
    std::vector<PointSeries> all{};  ///< A few metrics.
    std::size_t next = 0;            ///< Likely the next: requests have theirs in one order.
  };

  [[nodiscard]] PointSeries& series_of(const HandedSample& sample);
  /// The first time of the thread's own that is not before `at`.
  [[nodiscard]] lab::WallTime own_time(lab::TimePoint at, std::size_t thread) const;
  [[nodiscard]] const std::string& time_text(lab::WallTime time);
  /// Of the line that begins there, and is too much for the open one; one alone is never.
  void move_to_next_batch(std::size_t begin);
  /// For a body.
  [[nodiscard]] std::size_t room() const;
  void begin_batch();
  void close_batch();

  const MetricRegistry* registry_;
  RunClock clock_;
  LineFormat format_;
  bool may_split_ = true;
  std::vector<std::string> tags_;     ///< line_tags() by number.
  std::vector<SeriesOfTags> series_;  ///< By number of tags.
  /// By what InfluxDB takes for a series: its name and tags as they are written. Fields are none of
  /// it, so that several sets of tags may have one.
  std::map<std::string, LatestTimes> latest_;
  lab::WallTime time_ = lab::WallTime::min();  ///< That time_text_ says.
  std::string time_text_;                      ///< The end of a line.
  Batch open_;
  std::vector<Batch> full_;
  std::vector<std::string> spare_;  ///< Bodies that were sent.
};

}  // namespace loader
