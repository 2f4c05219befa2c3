// A run file (--mergeable FILE): what one process has measured of a run, and what must be known to
// put it together with what others have: which run it is a part of, which part, and how it is to be
// judged.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/metrics/metric_registry.h"
#include "loader/metrics/metrics_record.h"
#include "loader/metrics/over_time.h"
#include "loader/run/run_record.h"
#include "loader/run/run_ticks.h"
#include "loader/summary/summary_data.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/error.h"
#include "shared/base/fields.h"
#include "shared/base/time.h"

namespace loader {

inline constexpr std::string_view kRunFileFormat = "loader run file";
/// Raised when a reader of an older version would take a newer file for something else than it is.
/// 2: an error has more than its text and count.
inline constexpr std::uint64_t kRunFileVersion = 2;

/// A metric that not every run has, or a sub-metric, which has its parent's type.
struct DeclaredMetric {
  std::string name{};
  MetricType type = MetricType::counter;
  ValueKind kind = ValueKind::plain;
  friend bool operator==(const DeclaredMetric&, const DeclaredMetric&) = default;
};

struct ThresholdsRecord {
  std::string metric{};
  std::vector<std::string> thresholds{};
  friend bool operator==(const ThresholdsRecord&, const ThresholdsRecord&) = default;
};

/// What all parts of one run have alike.
struct RunIdentity {
  std::string loader{};  ///< The program's version.
  std::string suite{};   ///< Its name.
  MetricNames names = MetricNames::suite;
  /// What else decides about the run, by what it is called in messages: "the option rps". Values
  /// that may be secret are digests.
  std::map<std::string, std::string> facts{};
  /// Of a simulated gateway: what all its clients share, as its file calls it; each part had that
  /// for itself.
  std::vector<std::string> shared_limits{};
  std::string sequence{};                  ///< "0,1/3,2/3,1"
  std::uint64_t vus_planned = 0;           ///< Of the whole run.
  std::vector<DeclaredMetric> declared{};  ///< In order.
  std::vector<ThresholdsRecord> thresholds{};
  NoDataPolicy no_data = NoDataPolicy::fail;
  std::vector<std::string> trend_stats{};  ///< Empty: k6's.
  std::string time_unit{};
};

/// How a process ended.
struct RunEnd {
  std::uint64_t exit_code = 0;
  bool is_whole = true;  ///< Its scenarios came to their end by themselves.
  std::vector<std::string> errors{};
};

struct DriftRecord {
  lab::Duration window = LatencyDrift::kWindow;
  std::vector<std::uint64_t> counts{};
  std::vector<double> sums{};
};

struct RunFile {
  std::string format{kRunFileFormat};
  std::uint64_t version = kRunFileVersion;
  RunIdentity run{};
  std::string segment{};  ///< "1/3:2/3"
  std::map<std::string, std::string>
      tags{};  ///< Of all its samples; they may tell the parts apart.
  RunEnd end{};
  RunFacts process{};               ///< How it was run.
  std::string scenarios_started{};  ///< RFC 3339; empty: they never began.
  lab::Duration setup{};            ///< As in RunRecord, all that follows.
  lab::Duration duration{};
  std::vector<ScenarioRecord> scenarios{};
  std::vector<TickStretch> ticks{};
  RunTick most{};
  MetricsRecord measured{};
  DriftRecord drift{};
  StrainRecord strain{};
  std::vector<ErrorTally> errors{};
  std::vector<PartRecord> parts{};
  OverTime over_time{};
};

/// What differs between two identities, as messages call it; empty: they are of one run.
[[nodiscard]] std::vector<std::string> differences(const RunIdentity& a, const RunIdentity& b);

/// The part of a run, of which `record` was measured, as a file.
struct RunPartIdentity {
  RunIdentity run{};
  std::string segment{};
  std::map<std::string, std::string> tags{};
};
[[nodiscard]] RunFile make_run_file(RunPartIdentity part, RunFacts process, RunEnd end,
                                    RunRecord record);
/// Its JSON.
[[nodiscard]] std::string run_file_text(const RunFile& file);
/// Why there is no run file, in a sentence.
struct BadRunFile : lab::Error {
  BadRunFile() = default;
  BadRunFile(  // NOLINT(google-explicit-constructor): most are files that are broken.
      lab::Error error, bool is_foreign_file = false)
      : lab::Error(std::move(error)), is_foreign(is_foreign_file) {}
  bool is_foreign = false;  ///< It is something else, whole as it may be.
};
/// Reads such a text. `name` is the file's, for the Error: what it is, if it is no run file; of
/// what version, if that is not ours; what is wrong with it, if it is broken. What was read can be
/// merged: measurements fit the metrics that it declares.
[[nodiscard]] boost::system::result<RunFile, BadRunFile> read_run_file(std::string_view text,
                                                                       const std::string& name);

/// The metrics of a run. Fails for no file that was read.
[[nodiscard]] lab::Result<MetricRegistry> registry_of(const RunIdentity& run);
/// Adds the thresholds, whose sub-metrics are declared.
[[nodiscard]] lab::Result<ThresholdSet> thresholds_of(const RunIdentity& run,
                                                      MetricRegistry& registry);

void fields(lab::Fields& f, RunFile& c);
[[nodiscard]] lab::Json run_file_schema(lab::SchemaPrinter& printer);

}  // namespace loader
