#include "loader/run/run.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "loader/run/run_progress.h"
#include "loader/run/self_doubt.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_search.h"

namespace loader {

namespace asio = boost::asio;

namespace {

// Making a summary takes some milliseconds of the load's thread.
constexpr lab::Duration kSnapshotInterval = std::chrono::seconds(2);
// How often it is asked when the run may start.
constexpr lab::Duration kStartInterval = std::chrono::milliseconds(100);
// What is noticed of a start in the past: below it is what waking up takes.
constexpr lab::Duration kLateStart = std::chrono::seconds(1);

// The whole run's parts, one for each thread.
std::vector<RunPartSettings> parts_of(const Suite& suite, RunPartSettings whole) {
  const auto rate = suite.options.client.requests_per_second;
  if (rate) whole.rate_gate = std::make_shared<RateGate>(*rate);
  std::vector<RunPartSettings> parts;
  for (ThreadShare& share :
       share_among_threads(suite.options.scenarios, whole.spec.share, whole.spec.threads)) {
    parts.push_back(whole);
    parts.back().share = std::move(share);
  }
  return parts;
}

}  // namespace

Run::Run(lab::Runtime& runtime, const Suite& suite, RunSpec spec, RunObserver observer)
    : Run(runtime, suite,
          parts_of(suite, {.spec = std::move(spec), .observer = std::move(observer)})) {}

Run::Run(lab::Runtime& runtime, const Suite& suite, std::vector<RunPartSettings> parts)
    : runtime_(runtime),
      suite_(suite),
      spec_(parts.front().spec),
      observer_(parts.front().observer),
      plan_(plan_execution(suite.options.scenarios, spec_.share)),
      part_(runtime, suite, std::move(parts.front())),
      wakeup_(runtime),
      ticks_(part_.metrics(), part_.run_tags(), plan_.vus_planned) {
  parts.erase(parts.begin());
  if (!parts.empty()) threads_ = std::make_unique<RunThreads>(suite, std::move(parts));
}

Run::~Run() = default;

asio::awaitable<void> Run::execute() {
  started_ = runtime_.now();
  const Options& options = suite_.options;
  bool is_ready = co_await prepare();
  const bool is_prepared = is_ready;
  if (is_ready && !options.no_setup) {
    is_ready = co_await set_up();
  }
  if (is_ready && !is_interrupted_) {
    has_waited_in_vain_ = !co_await wait_for_start();
    if (!has_waited_in_vain_) co_await run_scenarios();
  }
  // A script that aborts the run in its setup() has no teardown, as in k6.
  const bool is_aborted =
      result_.exit_code == ExitCode::aborted_by_suite && is_prepared && !suite_.script;
  if ((is_ready || is_aborted) && !options.no_teardown) {
    is_tearing_down_ = true;
    co_await run_once(suite_.teardown, options.teardown_timeout, ExitCode::teardown_timeout);
  }
  part_.flush_outputs();
  conclude();
  co_await summarize();
}

asio::awaitable<bool> Run::prepare() {
  co_await part_.prepare();
  if (!part_.failure()) co_return true;
  fail("the script", *part_.failure());
  co_return false;
}

asio::awaitable<void> Run::summarize() {
  if (!spec_.hands_summary || !suite_.script || !suite_.script->exports("handleSummary")) {
    co_return;
  }
  SummaryData& data = result_.summary;
  data.is_stdout_tty = observer_.is_stdout_tty;
  data.is_stderr_tty = observer_.is_stderr_tty;
  data.no_color = observer_.no_color;
  data.setup_data = part_.setup_data();
  auto files = co_await part_.summarize(handle_summary_json(data), suite_.options.summary_timeout);
  if (files) {
    result_.script_files = *std::move(files);
  } else if (observer_.log) {
    observer_.log({ScriptLogLevel::error, files.error().what, "", {}, runtime_.wall_now()});
  }
}

void Run::interrupt() {
  if (is_interrupted_) return;
  is_interrupted_ = true;
  result_.fail(ExitCode::interrupted, "the run was interrupted");
  // As in k6: what teardown cleans up is not to be left half done.
  if (!is_tearing_down_) cut();
  wakeup_.notify();
}

void Run::give_up(ExitCode code, std::string why) {
  result_.fail(code, std::move(why));
  part_.flush_outputs();
  conclude();
}

asio::awaitable<bool> Run::run_once(const std::optional<Flow>& flow, lab::Duration timeout,
                                    ExitCode on_timeout) {
  if (!flow) co_return true;
  part_.metrics().mute(!spec_.measures_setup);
  const RunPart::FlowEnd end = co_await part_.run_once(*flow, timeout);
  part_.metrics().mute(false);
  if (end == RunPart::FlowEnd::completed) co_return true;
  if (end == RunPart::FlowEnd::failed) {
    fail(flow->name, part_.failure().value());
  } else if (!is_interrupted_ && !is_cut_) {
    result_.fail(on_timeout, flow->name + " took longer than " + lab::format_duration(timeout));
  }
  co_return false;
}

asio::awaitable<bool> Run::wait_for_start() {
  if (!spec_.start) co_return true;
  const lab::TimePoint since = runtime_.now();
  std::optional<lab::WallTime> start;
  while (!is_interrupted_ && !start) {
    const auto said = spec_.start(runtime_.wall_now());
    if (!said) {
      result_.fail(ExitCode::incomplete, said.error().to_string());
      co_return false;
    }
    start = *said;
    if (!start) co_await wakeup_.wait_until(runtime_.now() + kStartInterval);
  }
  if (start) {
    const lab::WallTime wall_now = runtime_.wall_now();
    const lab::TimePoint due = runtime_.now() + (*start - wall_now);
    tell_start(*start, wall_now);
    while (!is_interrupted_ && runtime_.now() < due) co_await wakeup_.wait_until(due);
  }
  started_ += runtime_.now() - since;
  co_return !is_interrupted_;
}

void Run::tell_start(lab::WallTime start, lab::WallTime now) const {
  const std::string at = lab::format_rfc3339(start);
  if (now - start > kLateStart) {
    if (observer_.warn) {
      observer_.warn("the scenarios were to start at " + at + ", " +
                     lab::format_duration(now - start) + " ago; they start now");
    }
  } else if (observer_.show) {
    observer_.show("the scenarios start at " + at);
  }
}

asio::awaitable<void> Run::run_scenarios() {
  scenarios_started_ = runtime_.now();
  wall_started_ = runtime_.wall_now();
  parts_running_ = threads_ ? 2 : 1;
  if (spec_.tell_lateness) watch_.emplace(runtime_, spec_.tell_lateness).start();
  auto running = part_.run(scenarios_started_);
  auto on_end = [this](std::exception_ptr thrown) { part_ended(std::move(thrown)); };
  asio::co_spawn(runtime_.executor(), std::move(running), std::move(on_end));
  if (threads_) {
    threads_->set_setup_data(part_.setup_data());
    // On a thread of theirs; posting is what others may do.
    threads_->start(scenarios_started_, [this](bool has_failed, bool is_last) {
      asio::post(runtime_.executor(), [this, has_failed, is_last] {
        if (has_failed) cut();
        if (is_last) part_ended(std::exception_ptr());
      });
    });
  }
  co_await monitor();
  if (threads_) threads_->join();
  if (watch_) {
    watch_->stop();
    watch_itself();
  }
  if (error_) std::rethrow_exception(error_);
  auto failure = part_.failure();
  if (!failure && threads_) failure = threads_->failure();
  if (failure) fail("a flow", *failure);
  is_whole_ = !is_cut_ && !failure;
  auto marked = part_.marked_failed();
  if (!marked && threads_) marked = threads_->marked_failed();
  if (marked) {
    result_.fail(ExitCode::marked_failed,
                 "test marked as failed" + (marked->empty() ? "" : ": " + *marked));
  }
}

void Run::part_ended(std::exception_ptr thrown) {
  if (thrown) error_ = std::move(thrown);
  // The other threads would not know before the next look at them.
  if (error_ || part_.failure()) cut();
  --parts_running_;
  wakeup_.notify();
}

void Run::cut() {
  is_cut_ = true;
  part_.cut();
  if (threads_) threads_->cut();
}

// Everything that happens at regular times while scenarios run.
asio::awaitable<void> Run::monitor() {
  lab::TimePoint tick_due = scenarios_started_ + kTickInterval;
  lab::TimePoint thresholds_due =
      watches_thresholds() ? scenarios_started_ + kThresholdInterval : lab::kNoDeadline;
  const bool has_outputs = observer_.outputs != nullptr || observer_.requests != nullptr;
  const auto flush_interval = has_outputs ? observer_.flush_interval : std::nullopt;
  lab::TimePoint flush_due =
      flush_interval ? scenarios_started_ + *flush_interval : lab::kNoDeadline;
  lab::TimePoint progress_due = observer_.progress ? scenarios_started_ : lab::kNoDeadline;
  while (parts_running_ > 0) {
    const lab::TimePoint now = runtime_.now();
    if (now >= tick_due) {
      tick();
      watch_threads();
      watch_itself();
      tick_due += kTickInterval;
    }
    if (now >= thresholds_due) {
      check_thresholds();
      thresholds_due += kThresholdInterval;
    }
    if (now >= flush_due) {
      part_.flush_outputs();
      warn_of_outputs();
      flush_due += *flush_interval;
    }
    if (now >= progress_due) {
      show_progress(observer_.progress);
      progress_due = now + observer_.progress_interval;
    }
    // Not min({…}): gcc 12 refuses an initializer list in an awaiting expression.
    const lab::TimePoint due =
        std::min(std::min(tick_due, thresholds_due), std::min(flush_due, progress_due));
    co_await wakeup_.wait_until(due);
  }
  // A run that is over before the first second has had its VUs too.
  if (!part_.metrics().has_samples(BuiltinMetrics::vus)) {
    ticks_.add_only(most(), runtime_.now());
  }
  if (observer_.finished) show_progress(observer_.finished);
}

void Run::warn_of_outputs() {
  if (!observer_.warn) return;
  if (observer_.requests != nullptr) {
    if (auto warning = observer_.requests->take_warning()) observer_.warn(*std::move(warning));
  }
  if (observer_.outputs == nullptr) return;
  for (std::string& warning : observer_.outputs->take_warnings()) {
    observer_.warn(std::move(warning));
  }
}

void Run::watch_threads() {
  if (!threads_) return;
  if (report().has_failed) cut();
  for (std::string& warning : threads_->take_warnings()) {
    if (observer_.warn) observer_.warn(std::move(warning));
  }
}

void Run::watch_itself() {
  if (!watch_) return;
  std::uint64_t dropped = 0;
  for (const ScenarioReport& scenario : report().scenarios) dropped += scenario.counts.dropped;
  auto warning = watch_->look(threads_ ? threads_->recent_wait() : lab::Duration{}, dropped);
  if (warning && observer_.warn) observer_.warn(*std::move(warning));
}

void Run::tick() {
  const lab::TimePoint now = runtime_.now();
  const PartReport now_running = report();
  ticks_.add({.active_vus = now_running.active_vus, .vus = now_running.vus}, now);
  ticks_.add_drift(drift(), now - scenarios_started_, now);
  if (spec_.keeps_windows && now >= judgement_due_) note_breaches();
  if (observer_.snapshot && now >= snapshot_due_) show_snapshot();
}

void Run::show_snapshot() {
  if (!observer_.is_followed()) return;
  const lab::TimePoint now = runtime_.now();
  snapshot_due_ = now + kSnapshotInterval;
  const Metrics& metrics = all_metrics();
  const lab::Duration elapsed = now - started_;
  const ThresholdReport verdicts = spec_.evaluates_thresholds
                                       ? evaluate_during_run(suite_.thresholds, metrics, elapsed)
                                       : ThresholdReport();
  SummaryOptions options{
      .time_unit = suite_.options.summary_time_unit, .duration = elapsed, .errors = errors()};
  SummaryData summary = make_summary_data(metrics, verdicts, std::move(options));
  summary.over_time = over_time();
  observer_.snapshot(std::move(summary));
}

RunTick Run::most() const {
  const PartReport last = report();
  RunTick most{.active_vus = last.active_vus, .vus = last.vus};
  for (const ScenarioReport& each : last.scenarios) most.active_vus += each.active_most;
  return most;
}

LatencyDrift Run::drift() const {
  LatencyDrift drift = part_.drift();
  if (threads_) threads_->add_to(drift);
  return drift;
}

PartReport Run::report() const {
  return threads_ ? sum_of(part_.report(), threads_->report()) : part_.report();
}

const Metrics& Run::all_metrics() {
  if (!threads_) return part_.metrics();
  total_.emplace(suite_.registry, no_tags_);
  total_->merge(part_.metrics());
  threads_->add_to(*total_);
  return *total_;
}

void Run::show_progress(const std::function<void(const RunProgress&)>& show) const {
  show(make_progress(suite_.options.scenarios, report(), plan_,
                     runtime_.now() - scenarios_started_));
}

void Run::fail(const std::string& flow, const FlowFailure& failure) {
  const ExitCode code = failure.is_abort      ? ExitCode::aborted_by_suite
                        : failure.is_unusable ? ExitCode::failure
                                              : ExitCode::flow_failed;
  // A script's own words, with the place they come from.
  if (suite_.script) return result_.fail(code, failure.what);
  result_.fail(code, flow + (failure.is_abort ? " aborted the run: " : " failed: ") + failure.what);
}

}  // namespace loader
