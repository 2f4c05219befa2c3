#include "loader/run.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "loader/run_progress.h"

namespace loader {

namespace asio = boost::asio;

namespace {

// As k6 does it.
constexpr lab::Duration kVusInterval = std::chrono::seconds(1);

RunPartSettings part_settings(const Suite& suite, const RunConfig& config,
                              const RunObserver& observer) {
  const Options& options = suite.options;
  RunPartSettings settings;
  settings.share = config.share;
  settings.client.base_url = config.base_url;
  settings.client.api_key = config.api_key;
  settings.client.rng = lab::Rng(config.seed);
  settings.client.insecure_skip_tls_verify =
      config.insecure_skip_tls_verify || options.insecure_skip_tls_verify;
  settings.client.no_connection_reuse = options.no_connection_reuse;
  settings.client.no_vu_connection_reuse = options.no_vu_connection_reuse;
  settings.client.redirects_max = options.redirects_max;
  settings.client.user_agent =
      options.user_agent.empty() ? std::string("loader/") + LAB_VERSION : options.user_agent;
  settings.tags = config.tags;
  settings.tags.insert(options.tags.begin(), options.tags.end());
  settings.warn = observer.warn;
  return settings;
}

bool may_abort(const ThresholdSet& thresholds) {
  return std::any_of(thresholds.begin(), thresholds.end(), [](const MetricThresholds& metric) {
    return std::any_of(metric.thresholds.begin(), metric.thresholds.end(),
                       [](const Threshold& threshold) { return threshold.abort_on_fail; });
  });
}

}  // namespace

Run::Run(lab::Runtime& runtime, const Suite& suite, RunConfig config, RunObserver observer)
    : runtime_(runtime),
      suite_(suite),
      config_(std::move(config)),
      observer_(std::move(observer)),
      plan_(plan_execution(suite.options.scenarios, config_.share)),
      part_(runtime, suite, part_settings(suite, config_, observer_)),
      wakeup_(runtime) {}

Run::~Run() = default;

asio::awaitable<void> Run::execute() {
  started_ = runtime_.now();
  const Options& options = suite_.options;
  bool is_ready = true;
  if (!options.no_setup) {
    is_ready = co_await run_once(suite_.setup, options.setup_timeout, ExitCode::setup_timeout);
  }
  if (is_ready && !is_interrupted_) co_await run_scenarios();
  if (is_ready && !options.no_teardown) {
    co_await run_once(suite_.teardown, options.teardown_timeout, ExitCode::teardown_timeout);
  }
  conclude();
}

void Run::interrupt() {
  if (is_interrupted_) return;
  is_interrupted_ = true;
  fail(ExitCode::interrupted, "the run was interrupted");
  part_.stop();
}

asio::awaitable<bool> Run::run_once(const std::optional<Flow>& flow, lab::Duration timeout,
                                    ExitCode on_timeout) {
  if (!flow) co_return true;
  const RunPart::FlowEnd end = co_await part_.run_once(*flow, timeout);
  if (end == RunPart::FlowEnd::completed) co_return true;
  if (end == RunPart::FlowEnd::failed) {
    fail(ExitCode::flow_failed, flow->name + " failed: " + part_.failure().value_or(""));
  } else if (!is_interrupted_) {
    fail(on_timeout, flow->name + " took longer than " + lab::format_duration(timeout));
  }
  co_return false;
}

asio::awaitable<void> Run::run_scenarios() {
  scenarios_started_ = runtime_.now();
  auto running = part_.run(scenarios_started_);
  auto on_end = [this](std::exception_ptr thrown) {
    error_ = std::move(thrown);
    are_scenarios_done_ = true;
    wakeup_.notify();
  };
  asio::co_spawn(runtime_.executor(), std::move(running), std::move(on_end));
  co_await monitor();
  if (error_) std::rethrow_exception(error_);
  if (part_.failure()) fail(ExitCode::flow_failed, "a flow failed: " + *part_.failure());
}

// Everything that happens at regular times while scenarios run.
asio::awaitable<void> Run::monitor() {
  const bool watches_thresholds = config_.evaluates_thresholds && may_abort(suite_.thresholds);
  lab::TimePoint vus_due = scenarios_started_ + kVusInterval;
  lab::TimePoint thresholds_due =
      watches_thresholds ? scenarios_started_ + kThresholdInterval : lab::kNoDeadline;
  lab::TimePoint progress_due = observer_.progress ? scenarios_started_ : lab::kNoDeadline;
  while (!are_scenarios_done_) {
    const lab::TimePoint now = runtime_.now();
    if (now >= vus_due) {
      add_vus_samples();
      vus_due += kVusInterval;
    }
    if (now >= thresholds_due) {
      check_thresholds();
      thresholds_due += kThresholdInterval;
    }
    if (now >= progress_due) {
      observer_.progress(progress());
      progress_due = now + observer_.progress_interval;
    }
    // Not min({…}): gcc 12 refuses an initializer list in an awaiting expression.
    const lab::TimePoint due = std::min(vus_due, std::min(thresholds_due, progress_due));
    co_await wakeup_.wait_until(due);
  }
  add_vus_samples();
  if (observer_.progress) observer_.progress(progress());
}

void Run::add_vus_samples() {
  const lab::TimePoint now = runtime_.now();
  const std::uint64_t vus = part_.vus();
  const std::uint64_t vus_max = std::max(vus, plan_.vus_planned);
  part_.metrics().add(BuiltinMetrics::vus, static_cast<double>(vus), part_.run_tags(), now);
  part_.metrics().add(BuiltinMetrics::vus_max, static_cast<double>(vus_max), part_.run_tags(), now);
}

void Run::check_thresholds() {
  if (result_.exit_code != ExitCode::ok) return;
  const ThresholdReport report =
      evaluate_during_run(suite_.thresholds, part_.metrics(), runtime_.now() - started_);
  if (!report.abort) return;
  fail(ExitCode::thresholds_crossed, abort_message(report.crossed_metrics()));
  part_.cut();
}

RunProgress Run::progress() const {
  return make_progress(
      part_.scenarios(),
      {.now = runtime_.now(), .started = scenarios_started_, .vus = part_.vus(), .plan = plan_});
}

void Run::fail(ExitCode code, std::string error) {
  result_.errors.push_back(std::move(error));
  // The first reason decides, as in k6.
  if (result_.exit_code == ExitCode::ok) result_.exit_code = code;
}

void Run::conclude() {
  const lab::Duration duration = runtime_.now() - started_;
  if (config_.evaluates_thresholds) {
    result_.thresholds =
        evaluate_at_end(suite_.thresholds, part_.metrics(), duration, config_.no_data);
    // A run that was aborted for its thresholds has said so.
    if (result_.thresholds.crossed() && result_.exit_code != ExitCode::thresholds_crossed) {
      fail(ExitCode::thresholds_crossed, crossed_message(result_.thresholds.crossed_metrics()));
    }
  }
  SummaryOptions options;
  if (!suite_.options.summary_trend_stats.empty()) {
    options.trend_stats = suite_.options.summary_trend_stats;
  }
  options.time_unit = suite_.options.summary_time_unit;
  options.duration = duration;
  options.errors = part_.errors();
  result_.summary = make_summary_data(part_.metrics(), result_.thresholds, std::move(options));
}

}  // namespace loader
