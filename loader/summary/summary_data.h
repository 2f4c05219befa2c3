// What a run came to, as plain values: the one source of the text and of the files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "loader/metrics/breakdown.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/over_time.h"
#include "loader/summary/summary_doubt.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// A number that a file does not have, or has as null, is NaN, here and below.
struct CounterValues {
  double count = 0;
  double rate = 0;  ///< Per second of the run.
};
struct GaugeValues {
  double value = 0;
  double min = 0;
  double max = 0;
};
struct RateValues {
  double rate = 0;
  std::uint64_t passes = 0;
  std::uint64_t fails = 0;
};
struct TrendValues {
  std::vector<std::pair<std::string, double>>
      stats{};  ///< "p(95)" -> value, in the order asked for.
  /// None if it was not asked for.
  [[nodiscard]] std::optional<double> stat(std::string_view name) const;
};

struct SummaryMetric {
  std::string name{};
  MetricType type = MetricType::counter;
  ValueKind kind = ValueKind::plain;
  std::variant<CounterValues, GaugeValues, RateValues, TrendValues> values{};
  bool has_samples = true;
  std::vector<ThresholdResult> thresholds{};
};

struct SummaryCheck {
  std::string name{};
  std::string path{};
  std::uint64_t passes = 0;
  std::uint64_t fails = 0;
};
struct SummaryGroup {
  std::string name{};
  std::string path{};
  std::vector<SummaryGroup> groups{};
  std::vector<SummaryCheck> checks{};
};

enum class ErrorKind : std::uint8_t {
  transport,  ///< No answer, or half of one.
  status,     ///< One that was not expected.
  stream,     ///< The request went well, and its answer is no whole stream.
  answer,     ///< The same where no stream was asked for.
  other,      ///< Of any kind: there are too many to tell apart.
};
/// "transport" and so on.
[[nodiscard]] std::string_view to_string(ErrorKind kind);

/// What went wrong, where, and how often it happened: {"status 503", 30, …}.
struct ErrorTally {
  /// "EOF", "dial: connection refused (gateway:8080)", "status 503", "stream: missing_done".
  std::string text{};
  std::uint64_t count = 0;
  ErrorKind kind = ErrorKind::transport;
  unsigned status = 0;    ///< 0: no answer came.
  std::string message{};  ///< What the gateway said of the first one.
  std::string host{};     ///< That it came from, or was not reached.
  std::string model{};    ///< Of chats.
  std::string scenario{};
  lab::Duration first{};     ///< When the first request ended so, since the start of the run, and
  lab::Duration last{};      ///< the last one.
  std::string request_id{};  ///< The first one's X-Request-ID; empty: it had none.
};

/// A level of a saturation search and what its own samples came to.
struct SearchLevel {
  std::uint64_t rate = 0;  ///< Iterations per time unit of the search.
  lab::Duration duration{};
  std::uint64_t iterations = 0;   ///< That ended.
  std::uint64_t dropped = 0;      ///< For want of virtual users.
  std::uint64_t interrupted = 0;  ///< That did not end within the graceful stop.
  std::vector<MetricVerdict> thresholds{};
  [[nodiscard]] bool is_good() const;
};
/// A saturation search.
struct SearchSummary {
  std::string scenario{};
  lab::Duration time_unit = std::chrono::seconds(1);
  bool is_over = false;               ///< False if the run ended before it did.
  std::vector<SearchLevel> levels{};  ///< In the order in which they were tried.
  /// The highest rate that was good, and the lowest that was not.
  [[nodiscard]] std::optional<std::uint64_t> last_good() const;
  [[nodiscard]] std::optional<std::uint64_t> first_bad() const;
};

/// What became of the samples that an output over the network was given.
struct SummaryOutput {
  std::string name{};  ///< "influxdb (http://host:8086)".
  std::uint64_t taken = 0;
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0;  ///< taken - sent.
};

/// A part of the run by itself: a scenario, a phase of one, a group.
struct SummaryPart {
  Breakdown::Kind kind = Breakdown::Kind::scenario;
  std::string scenario{};  ///< Of a scenario or phase.
  std::string name{};
  lab::Duration duration{};              ///< Of the run; of a phase, its first to its last sample.
  std::vector<SummaryMetric> metrics{};  ///< As in SummaryData, without sub-metrics.
  std::vector<SummaryCheck> checks{};    ///< Those that ran, by name.
};

/// What became of the iterations that were started.
struct IterationTotals {
  std::uint64_t completed = 0;
  std::uint64_t interrupted = 0;  ///< That were cut off before their end.
};

/// Of a simulated run: what tells it from every other, and proves it the same.
struct SimulationRecord {
  std::uint64_t seed = 0;
  std::uint64_t events = 0;
  std::string hash{};
};

/// What was run, for whoever reads the results later.
struct RunFacts {
  std::string suite{};      ///< Its name.
  std::string source{};     ///< Its file, or "built-in".
  std::string command{};    ///< That runs the same again; without secrets.
  std::string loader{};     ///< The version of the program.
  std::string url{};        ///< Of the gateway, without user and password.
  std::string gateway{};    ///< Of a simulated gateway, its file; else empty.
  std::string execution{};  ///< "local", "simulated (seed 1, gateway healthy.json)".
  std::string host{};       ///< "name, Linux 6.1 x86_64, 8 CPUs"; empty in virtual time.
  std::string started{};    ///< RFC 3339; in virtual time, of its clock.
  std::uint64_t threads = 1;
  bool is_over = true;  ///< False: it goes on, and this is what there is so far.
  /// None: nobody has said how the run ended, as in k6's summaries.
  std::optional<std::uint64_t> exit_code = 0;
  std::vector<std::string> errors{};  ///< Why it is not 0, a sentence each.
  /// Those of them that are no verdict on what was measured: the run was interrupted, aborted or
  /// invalid.
  std::vector<std::string> run_errors{};
  [[nodiscard]] bool is_simulated() const { return !gateway.empty(); }
  [[nodiscard]] bool has_failed() const { return exit_code.value_or(errors.empty() ? 0 : 1) != 0; }
};
void fields(lab::Fields& f, RunFacts& c);

struct SummaryData {
  std::vector<SummaryMetric> metrics{};    ///< By name, sub-metrics after their parent.
  SummaryGroup root{};                     ///< With checks that never ran (0 / 0).
  std::vector<ErrorTally> errors{};        ///< The most frequent first.
  std::vector<SearchSummary> searches{};   ///< In the order of the scenarios.
  std::vector<SummaryOutput> outputs{};    ///< Those over the network.
  std::vector<SummaryPart> parts{};        ///< Only where the run was asked for them.
  std::vector<std::string> trend_stats{};  ///< Those that the text shows.
  std::string time_unit{};                 ///< "", "s", "ms" or "us"; k6's summaryTimeUnit.
  lab::Duration duration{};
  bool is_stdout_tty = false;
  bool is_stderr_tty = false;
  bool no_color = false;
  std::optional<std::string> setup_data{};  ///< Of a script, as JSON; none: it has none.
  std::optional<SimulationRecord> simulation{};
  RunFacts facts{};
  std::optional<IterationTotals> iterations{};  ///< None: k6's summaries don't tell.
  std::optional<OverTime> over_time{};          ///< What happened when, if windows were kept.
  /// What the loader saw of itself; none where it can't be late.
  std::optional<SelfDoubt> self_doubt{};
  std::vector<std::string> notes{};  ///< Last lines of the text.
};

struct SummaryOptions {
  std::vector<std::string> trend_stats{"avg", "min", "med", "max", "p(90)", "p(95)"};
  std::string time_unit{};
  lab::Duration duration{};
  std::vector<ErrorTally> errors{};  ///< In the order that they are shown in.
};

/// Checks names for summaryTrendStats: avg, min, med, max, count, p(N).
[[nodiscard]] lab::Result<void> check_trend_stat(std::string_view name);
/// The value of such a statistic.
[[nodiscard]] double trend_stat(const Trend& trend, std::string_view name);

/// Metrics with samples or thresholds. Trends have the stats asked for, and always p(50), p(90),
/// p(95) and p(99).
[[nodiscard]] SummaryData make_summary_data(const Metrics& metrics,
                                            const ThresholdReport& thresholds,
                                            SummaryOptions options);

}  // namespace loader
