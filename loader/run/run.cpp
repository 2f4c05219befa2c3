#include "loader/run/run.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "loader/run/run_progress.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_search.h"

namespace loader {

namespace asio = boost::asio;

namespace {

// As k6 does it.
constexpr lab::Duration kVusInterval = std::chrono::seconds(1);

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

bool may_abort(const ThresholdSet& thresholds) {
  return std::any_of(thresholds.begin(), thresholds.end(), [](const MetricThresholds& metric) {
    return std::any_of(metric.thresholds.begin(), metric.thresholds.end(),
                       [](const Threshold& threshold) { return threshold.abort_on_fail; });
  });
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
      wakeup_(runtime) {
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
    is_ready = co_await run_once(suite_.setup, options.setup_timeout, ExitCode::setup_timeout);
  }
  if (is_ready && !is_interrupted_) co_await run_scenarios();
  // A script that aborts the run in its setup() has no teardown, as in k6.
  const bool is_aborted =
      result_.exit_code == ExitCode::aborted_by_suite && is_prepared && !suite_.script;
  if ((is_ready || is_aborted) && !options.no_teardown) {
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
  fail(ExitCode::interrupted, "the run was interrupted");
  cut();
}

void Run::give_up(ExitCode code, std::string why) {
  fail(code, std::move(why));
  part_.flush_outputs();
  conclude();
}

asio::awaitable<bool> Run::run_once(const std::optional<Flow>& flow, lab::Duration timeout,
                                    ExitCode on_timeout) {
  if (!flow) co_return true;
  const RunPart::FlowEnd end = co_await part_.run_once(*flow, timeout);
  if (end == RunPart::FlowEnd::completed) co_return true;
  if (end == RunPart::FlowEnd::failed) {
    fail(flow->name, part_.failure().value());
  } else if (!is_interrupted_) {
    fail(on_timeout, flow->name + " took longer than " + lab::format_duration(timeout));
  }
  co_return false;
}

asio::awaitable<void> Run::run_scenarios() {
  scenarios_started_ = runtime_.now();
  parts_running_ = threads_ ? 2 : 1;
  auto running = part_.run(scenarios_started_);
  auto on_end = [this](std::exception_ptr thrown) { part_ended(std::move(thrown)); };
  asio::co_spawn(runtime_.executor(), std::move(running), std::move(on_end));
  if (threads_) {
    threads_->set_setup_data(part_.setup_data());
    // On a thread of theirs; posting is what others may do.
    threads_->start(scenarios_started_, [this] {
      asio::post(runtime_.executor(), [this] { part_ended(std::exception_ptr()); });
    });
  }
  co_await monitor();
  if (threads_) threads_->join();
  if (error_) std::rethrow_exception(error_);
  auto failure = part_.failure();
  if (!failure && threads_) failure = threads_->failure();
  if (failure) fail("a flow", *failure);
  auto marked = part_.marked_failed();
  if (!marked && threads_) marked = threads_->marked_failed();
  if (marked) {
    fail(ExitCode::marked_failed,
         "test marked as failed" + (marked->empty() ? "" : ": " + *marked));
  }
}

void Run::part_ended(std::exception_ptr thrown) {
  if (thrown) {
    error_ = std::move(thrown);
    cut();
  }
  --parts_running_;
  wakeup_.notify();
}

void Run::cut() {
  part_.cut();
  if (threads_) threads_->cut();
}

// Everything that happens at regular times while scenarios run.
asio::awaitable<void> Run::monitor() {
  const bool watches_thresholds = spec_.evaluates_thresholds && may_abort(suite_.thresholds);
  lab::TimePoint vus_due = scenarios_started_ + kVusInterval;
  lab::TimePoint thresholds_due =
      watches_thresholds ? scenarios_started_ + kThresholdInterval : lab::kNoDeadline;
  const auto flush_interval =
      observer_.outputs != nullptr ? observer_.flush_interval : std::nullopt;
  lab::TimePoint flush_due =
      flush_interval ? scenarios_started_ + *flush_interval : lab::kNoDeadline;
  lab::TimePoint progress_due = observer_.progress ? scenarios_started_ : lab::kNoDeadline;
  while (parts_running_ > 0) {
    const lab::TimePoint now = runtime_.now();
    if (now >= vus_due) {
      add_vus_samples(report());
      add_drift_samples();
      watch_threads();
      vus_due += kVusInterval;
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
        std::min(std::min(vus_due, thresholds_due), std::min(flush_due, progress_due));
    co_await wakeup_.wait_until(due);
  }
  // A run that is over before the first second has had its VUs too.
  if (!part_.metrics().has_samples(BuiltinMetrics::vus)) {
    PartReport most = report();
    for (const ScenarioReport& each : most.scenarios) most.active_vus += each.active_most;
    add_vus_samples(most);
  }
  if (observer_.finished) show_progress(observer_.finished);
}

void Run::warn_of_outputs() {
  if (!observer_.warn) return;
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

void Run::add_vus_samples(const PartReport& report) {
  const lab::TimePoint now = runtime_.now();
  const std::uint64_t vus_max = std::max(report.vus, plan_.vus_planned);
  part_.metrics().add(BuiltinMetrics::vus, static_cast<double>(report.active_vus), part_.run_tags(),
                      now);
  part_.metrics().add(BuiltinMetrics::vus_max, static_cast<double>(vus_max), part_.run_tags(), now);
}

// Windows of latency over all VUs: what a soak test is for.
void Run::add_drift_samples() {
  LatencyDrift drift = part_.drift();
  if (threads_) threads_->add_to(drift);
  const lab::TimePoint now = runtime_.now();
  const auto over = static_cast<std::size_t>((now - scenarios_started_) / drift.window());
  if (over <= drift_windows_) return;
  for (; drift_windows_ < over; ++drift_windows_) {
    const auto mean = drift.window_mean(drift_windows_);
    if (mean) {
      part_.metrics().add(BuiltinMetrics::llm_hourly_latency, *mean, part_.run_tags(), now);
    }
  }
  const auto estimate = drift.estimate(now - scenarios_started_);
  if (!estimate) return;
  const auto add = [this, now](MetricId metric, double value) {
    part_.metrics().add(metric, value, part_.run_tags(), now);
  };
  add(BuiltinMetrics::llm_latency_drift, estimate->percent_per_hour);
  add(BuiltinMetrics::llm_latency_drift_low, estimate->low);
  add(BuiltinMetrics::llm_latency_drift_high, estimate->high);
}

void Run::check_thresholds() {
  if (result_.exit_code != ExitCode::ok) return;
  const ThresholdReport report =
      evaluate_during_run(suite_.thresholds, all_metrics(), runtime_.now() - started_);
  if (!report.abort) return;
  fail(ExitCode::thresholds_crossed, abort_message(report.crossed_metrics()));
  cut();
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

void Run::fail(ExitCode code, std::string error) {
  result_.errors.push_back(std::move(error));
  // The first reason decides, as in k6.
  if (result_.exit_code == ExitCode::ok) result_.exit_code = code;
}

void Run::fail(const std::string& flow, const FlowFailure& failure) {
  // A script's own words, with the place they come from.
  if (suite_.script) {
    fail(failure.is_abort ? ExitCode::aborted_by_suite : ExitCode::flow_failed, failure.what);
    return;
  }
  if (failure.is_abort) {
    fail(ExitCode::aborted_by_suite, flow + " aborted the run: " + failure.what);
  } else {
    fail(ExitCode::flow_failed, flow + " failed: " + failure.what);
  }
}

std::vector<ErrorTally> Run::errors() const {
  if (!threads_) return part_.errors();
  std::vector<std::vector<ErrorTally>> lists = threads_->errors();
  lists.push_back(part_.errors());
  return merged(lists);
}

void Run::conclude() {
  const lab::Duration duration = runtime_.now() - started_;
  if (spec_.evaluates_thresholds) {
    result_.thresholds = evaluate_at_end(suite_.thresholds, all_metrics(), duration, spec_.no_data);
    // A run that was aborted for its thresholds has said so.
    if (result_.thresholds.crossed() && result_.exit_code != ExitCode::thresholds_crossed) {
      fail(ExitCode::thresholds_crossed, crossed_message(result_.thresholds.crossed_metrics()));
    }
  }
  std::vector<SearchSummary> searches = part_.searches();
  if (spec_.evaluates_thresholds) judge_searches(searches);
  SummaryOptions options;
  if (!suite_.options.summary_trend_stats.empty()) {
    options.trend_stats = suite_.options.summary_trend_stats;
  }
  options.time_unit = suite_.options.summary_time_unit;
  options.duration = duration;
  options.errors = errors();
  result_.summary = make_summary_data(all_metrics(), result_.thresholds, options);
  result_.summary.searches = std::move(searches);
  if (spec_.breaks_down) add_parts(options);
}

void Run::add_parts(const SummaryOptions& options) {
  Breakdown total(suite_.registry, no_tags_);
  total.merge(*part_.breakdown());
  if (threads_) threads_->add_to(total);
  result_.summary.parts = summary_parts(total, options);
  result_.summary.distributions = summary_distributions(all_metrics());
}

// A search without a good level has a verdict like a crossed threshold: its thresholds never held.
void Run::judge_searches(const std::vector<SearchSummary>& searches) {
  for (const SearchSummary& search : searches) {
    if (!search.is_over || search.last_good()) continue;
    fail(ExitCode::thresholds_crossed,
         "saturation search '" + search.scenario + "': " + search_result(search));
  }
}

}  // namespace loader
