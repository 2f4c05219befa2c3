#include "loader/merge/run_file_fields.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "loader/scenarios/execution_segment.h"

namespace loader {
namespace {

// More than any run has; sums over thousands of parts stay exact, and times can be added up.
constexpr double kCountMax = 4503599627370496;  // 2^52
constexpr lab::Duration kTimeMax = std::chrono::hours(24 * 366);

constexpr auto kTypes = std::to_array<lab::Kind>({{"counter", "A sum."},
                                                  {"gauge", "A last value."},
                                                  {"rate", "A share of samples that are not 0."},
                                                  {"trend", "A distribution."}});
constexpr std::array<std::pair<std::string_view, MetricType>, 4> kTypeWords{
    {{"counter", MetricType::counter},
     {"gauge", MetricType::gauge},
     {"rate", MetricType::rate},
     {"trend", MetricType::trend}}};
constexpr std::array<std::pair<std::string_view, ValueKind>, 3> kValueKinds{
    {{"default", ValueKind::plain}, {"time", ValueKind::time}, {"data", ValueKind::data}}};
constexpr std::array<std::pair<std::string_view, MetricNames>, 2> kNames{
    {{"suite", MetricNames::suite}, {"script", MetricNames::script}}};
constexpr std::array<std::pair<std::string_view, NoDataPolicy>, 2> kNoData{
    {{"fail", NoDataPolicy::fail}, {"pass", NoDataPolicy::pass}}};
constexpr std::array<std::pair<std::string_view, Breakdown::Kind>, 3> kPartKinds{
    {{"scenario", Breakdown::Kind::scenario},
     {"phase", Breakdown::Kind::phase},
     {"group", Breakdown::Kind::group}}};

constexpr std::array<std::pair<std::string_view, ErrorKind>, 5> kErrorKinds{
    {{"transport", ErrorKind::transport},
     {"status", ErrorKind::status},
     {"stream", ErrorKind::stream},
     {"answer", ErrorKind::answer},
     {"other", ErrorKind::other}}};

lab::Bounds counted() { return lab::between(0, kCountMax); }

void check_time(const lab::JsonValue& value, lab::Duration time, const char* key) {
  if (time > kTimeMax) value.problem(std::string(key) + " is longer than a year");
}

// They are gone through one by one.
void check_ticks(const lab::JsonValue& value, const RunFile& c) {
  const auto most =
      static_cast<std::uint64_t>(std::max(c.duration, lab::Duration::zero()) / kTickInterval) + 1;
  std::uint64_t ticks = 0;
  for (const TickStretch& stretch : c.ticks) ticks += std::min(stretch.ticks, most + 1 - ticks);
  if (ticks > most) value.problem("ticks are of more seconds than the run has");
}

}  // namespace

void fields(lab::Fields& f, DeclaredMetric& c) {
  f.require("name", c.name, "Of a sub-metric with its tags, as a threshold has it.");
  f("type", c.type, kTypeWords, "A sub-metric has its parent's.");
  f("contains", c.kind, kValueKinds, "What its values are.");
}

void fields(lab::Fields& f, ThresholdsRecord& c) {
  f.require("metric", c.metric, "Or the sub-metric.");
  f.require("thresholds", c.thresholds, "What must hold.");
}

void fields(lab::Fields& f, RunIdentity& c) {
  f.require("loader", c.loader, "The version of the program that has written the file.");
  f.require("suite", c.suite, "Its name.");
  f("names", c.names, kNames, "How metrics are called that k6 has not.");
  f.require("facts", c.facts, "What else must be alike in all parts, or a digest of it.");
  f("shared_limits", c.shared_limits,
    "Of a simulated gateway: the sections of its file by which all clients depend on one another.");
  f.require("sequence", c.sequence,
            lab::Says("The borders of all segments.").such_as("\"0,1/3,2/3,1\""));
  f("vus_planned", c.vus_planned, counted(), "Virtual users of the whole run.");
  f("metrics", c.declared, "Those that not every run has, and the sub-metrics.");
  f("thresholds", c.thresholds, "Of the whole run.");
  f("no_data", c.no_data, kNoData, "What a threshold without samples does.");
  f("trend_stats", c.trend_stats, "What the summary shows of a trend; empty: k6's.");
  f("time_unit", c.time_unit, "Of the summary's times; empty: each has its own.");
}

void fields(lab::Fields& f, RunEnd& c) {
  f("exit_code", c.exit_code, lab::between(0, 255), "Of the process.");
  f("is_whole", c.is_whole, "Whether the scenarios came to their end by themselves.");
  f("errors", c.errors, "Why the exit code is not 0.");
}

void fields(lab::Fields& f, ScenarioRecord& c) {
  f.require("name", c.name, "Of the scenario.");
  f("started", c.counts.started, counted(), "Iterations.");
  f("completed", c.counts.completed, counted(), "Those that came to their end.");
  f("interrupted", c.counts.interrupted, counted(), "Those that were cut.");
  f("failed", c.counts.failed, counted(), "Those that could not be carried out.");
  f("dropped", c.counts.dropped, counted(), "Those that were due and not started.");
}

void fields(lab::Fields& f, TickStretch& c) {
  f.require("seconds", c.ticks, lab::between(1, kCountMax), "So many in a row are alike.");
  f("active_vus", c.each.active_vus, counted(), "Virtual users that run an iteration.");
  f("vus", c.each.vus, counted(), "Those that stand by or run.");
}

void fields(lab::Fields& f, RunTick& c) {
  f("active_vus", c.active_vus, counted(), "Virtual users that run an iteration.");
  f("vus", c.vus, counted(), "Those that stand by or run.");
}

void fields(lab::Fields& f, TrendRecord& c) {
  f("sum", c.sum, "Of all samples.");
  f("min", c.min, "The smallest.");
  f("max", c.max, "The largest.");
  f("values", c.values, "All samples, while there are at most 2048; else none, but");
  f("buckets", c.buckets,
    "the numbers of the buckets that have some: 0 that of zeros; 1 + 512 (e + 32) + m those whose "
    "binary exponent is e and whose first nine bits behind the point are m; negative of negative "
    "ones. Ascending.");
  f("counts", c.counts, "How many samples each bucket has.");
  f("whole", c.is_whole, "With buckets: all samples are whole numbers.");
}

void fields(lab::Fields& f, MetricRecord& c) {
  f.require("name", c.name, "Of a sub-metric with its tags.");
  f.kind("type", c.type, kTypes, "What is kept of its samples.");
  f("contains", c.kind, kValueKinds, "What its values are.");
  if (c.type != MetricType::trend) f("samples", c.samples, counted(), "How many.");
  if (c.type == MetricType::rate) f("nonzero", c.nonzero, counted(), "Those that are not 0.");
  if (c.type == MetricType::counter) f("sum", c.sum, "Of all samples.");
  if (c.type == MetricType::trend) {
    fields(f, c.trend);
  }
  if (c.type == MetricType::gauge) {
    f("value", c.value, "The last sample.");
    f("min", c.min, "The smallest.");
    f("max", c.max, "The largest.");
    f("at", c.at, "When the last one was, since the start of the run.");
  }
}

void check(const lab::JsonValue& value, MetricRecord& c) {
  check_time(value, c.at, "at");
  if (const auto sink = sink_of(c, {}); !sink) value.problem(sink.error().what);
}

void fields(lab::Fields& f, GroupRecord& c) {
  f.require("name", c.name, "Of the group.");
  f("parent", c.parent, lab::between(0, CheckTree::kGroupsMax),
    "The group around it, which stands before it: they count from 1; 0 is the root.");
}

void fields(lab::Fields& f, CheckRecord& c) {
  f.require("name", c.name, "Of the check.");
  f("group", c.group, lab::between(0, CheckTree::kGroupsMax), "The group it is in; 0 is the root.");
  f("passes", c.passes, counted(), "How often it held.");
  f("fails", c.fails, counted(), "How often it did not.");
}

void fields(lab::Fields& f, MetricsRecord& c) {
  f("metrics", c.metrics,
    "Those with samples, but vus, vus_max and the drift, which follow from ticks and drift.");
  f("groups", c.groups, "Parents before their children.");
  f("checks", c.checks, "Those that never ran included.");
}

void fields(lab::Fields& f, DriftRecord& c) {
  f("window", c.window, "Five minutes, or that doubled some times.");
  f("counts", c.counts, "Chats that ended in each window.");
  f("sums", c.sums, "Of their milliseconds.");
}

void check(const lab::JsonValue& value, DriftRecord& c) {
  lab::Duration window = LatencyDrift::kWindow;
  while (window < c.window && window < kTimeMax) window *= 2;
  if (window != c.window) value.problem("window is not five minutes, doubled some times");
  if (c.counts.size() != c.sums.size()) value.problem("has not as many sums as counts");
  if (c.counts.size() > LatencyDrift::kWindowsMax) value.problem("has more than 1024 windows");
}

void fields(lab::Fields& f, StrainRecord& c) {
  f("reads", c.reads, "How many milliseconds what came waited until it was read.");
  f("timers", c.timers, "How many milliseconds timers ran late.");
  f("watched", c.watched, "For how long.");
  f("busiest_thread", c.busiest_thread, lab::between(0, 1), "Its share of CPU time.");
  f("waited_for_cpu", c.ready_share, lab::between(0, 1),
    "The share of time of the thread that did most.");
  f("cpus", c.cpus, lab::between(0, kCountMax), "That the process used, on average.");
  f("machine_stolen", c.machine_stolen, lab::between(0, 1), "What the hypervisor gave to others.");
  f("throttled", c.throttled, "How long the control group's quota held the process back.");
  f("held_by_outputs", c.held_by_outputs, "How long threads waited for outputs.");
  f("late_drops", c.late_drops, counted(), "Iterations that were dropped meanwhile.");
}

void check(const lab::JsonValue& value, StrainRecord& c) {
  check_time(value, c.watched, "watched");
  check_time(value, c.throttled, "throttled");
  check_time(value, c.held_by_outputs, "held_by_outputs");
  if (const auto strain = strain_of(c); !strain) value.problem(strain.error().what);
}

void fields(lab::Fields& f, ErrorTally& c) {
  f.require("text", c.text, "What went wrong.");
  f.require("count", c.count, counted(), "How often.");
  f("kind", c.kind, kErrorKinds, "What went wrong of it.");
  f("status", c.status, lab::between(0, 999), "Of the answer; 0: none came.");
  f("message", c.message, "What the gateway said of the first one.");
  f("host", c.host, "That it came from, or was not reached.");
  f("model", c.model, "Of chats.");
  f("scenario", c.scenario, "Of the requests.");
  f("first", c.first, "When the first one was, since the start of the run, and");
  f("last", c.last, "the last one.");
  f("request_id", c.request_id, "The first one's X-Request-ID; empty: it had none.");
}

void check(const lab::JsonValue& value, ErrorTally& c) {
  check_time(value, c.first, "first");
  check_time(value, c.last, "last");
}

void fields(lab::Fields& f, PartRecord& c) {
  f.require("kind", c.kind, kPartKinds, "What it is.");
  f("scenario", c.scenario, "Of a scenario or a phase.");
  f.require("name", c.name, "Of the scenario or phase, or the group's path.");
  f("first", c.first, "When its first sample was, since the start of the run, and");
  f("last", c.last, "its last one.");
  f("metrics", c.metrics, "As those of the whole.");
  f("checks", c.checks, "By name; in no group.");
}

void check(const lab::JsonValue& value, PartRecord& c) {
  check_time(value, c.first, "first");
  check_time(value, c.last, "last");
}

void fields(lab::Fields& f, RunFile& c) {
  f.require("format", c.format, lab::Says("What it is.").such_as("\"loader run file\""));
  f.require("version", c.version, lab::between(1, kRunFileVersion), "Of the format.");
  f.require("run", c.run, "What all parts of one run have alike.");
  f.require("segment", c.segment, lab::Says("The part of the load.").such_as("\"1/3:2/3\""));
  f("tags", c.tags, "Of all samples of this part.");
  f("process", c.process, "How it was run, as a summary has it.");
  f("end", c.end, "How the process ended.");
  f("scenarios_started", c.scenarios_started,
    lab::Says("When; empty: they never began.").such_as("\"2026-01-31T12:00:00Z\""));
  f("setup", c.setup, "How long that was after the start of the run.");
  f("duration", c.duration, "Of the whole run, without what it has waited for others.");
  f("scenarios", c.scenarios, "Of the suite; without those that this part has no share of.");
  f("ticks", c.ticks, "The virtual users each second.");
  f("most", c.most, "Of a run that is over within a second.");
  f("measured", c.measured, "What was measured.");
  f("drift", c.drift, "Latency over time.");
  f("strain", c.strain, "What the process saw of its own lateness; not in virtual time.");
  f("errors", c.errors, "What went wrong how often.");
  f("parts", c.parts, "The same for each scenario, phase and group.");
  f("over_time", c.over_time, "What happened when.");
}

void check(const lab::JsonValue& value, RunFile& c) {
  check_time(value, c.setup, "setup");
  check_time(value, c.duration, "duration");
  if (c.setup > c.duration) value.problem("setup is longer than the whole run");
  check_ticks(value, c);
  if (!c.scenarios_started.empty()) {
    const auto started = lab::parse_rfc3339(c.scenarios_started);
    if (!started) value.problem("scenarios_started: " + started.error().what);
  }
  const auto segment = parse_execution_segment(c.segment);
  const auto sequence = parse_execution_segment_sequence(c.run.sequence);
  if (!segment || !sequence) {
    value.problem("segment or run.sequence: " +
                  (segment ? sequence.error() : segment.error()).to_string());
  } else if (std::ranges::find(*sequence, *segment) == sequence->end()) {
    value.problem("segment is none of those of run.sequence");
  }
}

}  // namespace loader
