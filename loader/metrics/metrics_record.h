// Metrics as plain values, to be kept elsewhere (a file) and added to other metrics later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loader/metrics/breakdown.h"
#include "loader/metrics/metrics.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// A metric or sub-metric with samples. What a type has no use for is left as it is.
struct MetricRecord {
  std::string name{};
  MetricType type = MetricType::counter;
  ValueKind kind = ValueKind::plain;
  std::uint64_t samples = 0;  ///< Of counter, gauge and rate; of a trend it follows.
  double sum = 0;             ///< Of a counter.
  double value = 0;           ///< Of a gauge: the last, and
  double min = 0;
  double max = 0;
  lab::Duration at{};         ///< when that was, since the run's start.
  std::uint64_t nonzero = 0;  ///< Of a rate.
  TrendRecord trend{};
};

struct GroupRecord {
  std::string name{};
  std::uint64_t parent = 0;  ///< Its number: groups count from 1, the root is 0.
};
struct CheckRecord {
  std::string name{};
  std::uint64_t group = 0;  ///< As GroupRecord::parent.
  std::uint64_t passes = 0;
  std::uint64_t fails = 0;
};

struct MetricsRecord {
  std::vector<MetricRecord> metrics{};
  std::vector<GroupRecord> groups{};  ///< Without the root; parents come before their children.
  std::vector<CheckRecord> checks{};
};

/// A Breakdown::Part.
struct PartRecord {
  Breakdown::Kind kind = Breakdown::Kind::scenario;
  std::string scenario{};
  std::string name{};
  lab::Duration first{};  ///< Since the run's start, as
  lab::Duration last{};
  std::vector<MetricRecord> metrics{};
  std::vector<CheckRecord> checks{};  ///< In no group.
};

/// `start` is the run's; what was measured before counts as measured then. Metrics without samples
/// are left out.
[[nodiscard]] MetricsRecord record_of(const Metrics& metrics, lab::TimePoint start);
[[nodiscard]] std::vector<PartRecord> record_of(const Breakdown& breakdown, lab::TimePoint start);

/// What is kept of one metric. The Error says what no metric could have recorded.
[[nodiscard]] lab::Result<Metrics::Sink> sink_of(const MetricRecord& record, lab::TimePoint start);

/// Adds a record; `start` becomes the start of its run. Its metrics are of the registry, by name
/// and type, its groups and checks are declared. The Error names what does not fit.
[[nodiscard]] lab::Result<void> add_record(const MetricsRecord& record, Metrics& metrics,
                                           lab::TimePoint start);
[[nodiscard]] lab::Result<void> add_record(const std::vector<PartRecord>& record,
                                           Breakdown& breakdown, lab::TimePoint start);

}  // namespace loader
