// Thresholds that end a run while it is under way.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "loader/run/run.h"
#include "loader/run/self_doubt.h"

namespace loader {

namespace asio = boost::asio;

bool Run::watches_thresholds() const {
  return spec_.evaluates_thresholds &&
         std::ranges::any_of(suite_.thresholds, [](const MetricThresholds& metric) {
           return std::ranges::any_of(metric.thresholds, &Threshold::abort_on_fail);
         });
}

asio::awaitable<bool> Run::set_up() {
  auto running = run_once(suite_.setup, suite_.options.setup_timeout, ExitCode::setup_timeout);
  if (!suite_.setup || !watches_thresholds()) co_return co_await std::move(running);
  bool is_ready = false;
  bool has_ended = false;
  std::exception_ptr error;
  auto on_end = [&](std::exception_ptr thrown, bool ready) {
    error = std::move(thrown);
    is_ready = ready;
    has_ended = true;
    wakeup_.notify();
  };
  asio::co_spawn(runtime_.executor(), std::move(running), std::move(on_end));
  lab::TimePoint due = started_ + kThresholdInterval;
  while (!has_ended) {
    co_await wakeup_.wait_until(due);
    if (has_ended || runtime_.now() < due) continue;
    check_thresholds();
    due += kThresholdInterval;
  }
  if (error) std::rethrow_exception(error);
  co_return is_ready && !is_cut_;
}

void Run::check_thresholds() {
  if (result_.exit_code != ExitCode::ok) return;
  const ThresholdReport report =
      evaluate_during_run(suite_.thresholds, all_metrics(), runtime_.now() - started_);
  if (!report.abort) return;
  const std::string message = abort_message(report.crossed_metrics());
  const auto own_strain = strain();
  const auto doubt = own_strain ? std::optional(judge_itself(
                                      *own_strain, {.metrics = all_metrics(),
                                                    .thresholds = suite_.thresholds,
                                                    .report = report,
                                                    .duration = runtime_.now() - started_,
                                                    .time_unit = suite_.options.summary_time_unit}))
                                : std::nullopt;
  if (doubt && !is_crossed_for_certain(report, *doubt)) {
    result_.fail(ExitCode::bottleneck, message + "; " + doubt_message(*doubt));
  } else {
    result_.abort(message);
  }
  cut();
}

}  // namespace loader
