// What a part of a run does with a script: its virtual users, what its setup() and handleSummary()
// return.
#include <algorithm>
#include <string>
#include <utility>

#include "loader/run/run_part.h"
#include "loader/scenarios/execution_plan.h"
#include "loader/scenarios/scenario_core.h"
#include "shared/base/json.h"

namespace loader {

namespace asio = boost::asio;

ScriptRunSettings RunPart::script_settings() {
  ScriptRunSettings settings{.options = suite_.options.consolidated->dump(),
                             .meters_llm = settings_.spec.meters_scripts,
                             .reaches_gateway_only = settings_.spec.reaches_gateway_only,
                             .log = settings_.observer.log};
  settings.elapsed = [this] { return started_ ? runtime_.now() - *started_ : lab::Duration{}; };
  settings.counts = [this] {
    ScriptRunCounts counts;
    const PartReport now = report();
    counts.vus_active = now.active_vus;
    counts.vus_initialized = std::max(now.vus, users_prepared_);
    for (const ScenarioReport& scenario : now.scenarios) {
      counts.iterations_completed += scenario.counts.completed;
      counts.iterations_interrupted += scenario.counts.interrupted;
    }
    return counts;
  };
  settings.request_seen = settings_.observer.request_seen;
  settings.mark_failed = [this](std::string reason) {
    if (settings_.observer.log) {
      settings_.observer.log({ScriptLogLevel::error,
                              "test marked as failed" + (reason.empty() ? "" : ": " + reason),
                              "",
                              {},
                              runtime_.wall_now()});
    }
    if (!marked_failed_) marked_failed_ = std::move(reason);
  };
  return settings;
}

void RunPart::add_script_scenario(std::size_t scenario) {
  const ScenarioFlow& of_suite = suite_.scenarios[scenario];
  const LoadModel& model = of_suite.scenario.model;
  const auto share = settings_.share.scenarios[scenario].value_or(ScenarioShare());
  std::function<double()> share_done;
  if (const auto all = counted_iterations(model, share)) {
    share_done = [this, scenario, all = std::max<std::uint64_t>(*all, 1)] {
      const ScenarioCounts& counts = runners_[scenario].counts();
      return static_cast<double>(counts.completed) / static_cast<double>(all);
    };
  }
  script_scenarios_.push_back({.name = of_suite.scenario.name,
                               .executor = std::string(executor_name(model)),
                               .function = of_suite.flow.name,
                               .duration = regular_duration(model),
                               .share_done = std::move(share_done),
                               .environment = of_suite.scenario.env});
}

asio::awaitable<bool> RunPart::prepare_user(std::size_t vu) {
  ScriptEnd end = co_await script_users_->prepare(vu, settings_.share.vus.element(vu) + 1);
  if (end.kind == ScriptEnd::Kind::completed) co_return true;
  if (!failure_) {
    const bool is_abort = end.kind == ScriptEnd::Kind::aborted;
    failure_ = FlowFailure{is_abort, "error while initializing VU #" +
                                         std::to_string(settings_.share.vus.element(vu) + 1) +
                                         ": " + end.text};
  }
  co_return false;
}

asio::awaitable<void> RunPart::prepare() {
  if (!script_users_) co_return;
  const std::uint64_t planned =
      plan_execution(suite_.options.scenarios, settings_.share.vus).vus_planned;
  for (std::uint64_t vu = 0; vu < planned; ++vu) {
    if (!co_await prepare_user(vu)) co_return;
    ++users_prepared_;
  }
  pool_.fill(users_prepared_);
}

std::optional<std::string> RunPart::setup_data() const {
  return script_users_ ? script_users_->setup_data() : std::nullopt;
}

void RunPart::set_setup_data(std::optional<std::string> json) {
  if (script_users_) script_users_->set_setup_data(std::move(json));
}

asio::awaitable<void> RunPart::summarize_here(std::string data, SummaryEnd* end) {
  // What it asks for comes after the measurement.
  metrics().mute(true);
  *end = co_await script_users_->summarize(std::move(data));
  metrics().mute(false);
}

asio::awaitable<RunPart::SummaryEnd> RunPart::summarize(std::string data, lab::Duration timeout) {
  SummaryEnd end = lab::Error{};
  is_cut_ = false;
  if (co_await within(timeout, summarize_here(std::move(data), &end))) co_return end;
  const auto seconds = std::chrono::round<std::chrono::seconds>(timeout).count();
  co_return lab::Error{
      {}, "handleSummary() execution timed out after " + std::to_string(seconds) + " seconds"};
}

asio::awaitable<IterationOutcome> RunPart::run_once_here(const Flow& flow,
                                                         IterationContext iteration) {
  if (script_users_) {
    const bool is_setup = suite_.setup && &flow == &*suite_.setup;
    co_return co_await script_users_->run_once(
        is_setup ? ScriptPhase::setup : ScriptPhase::teardown, iteration);
  }
  VirtualUser user(context_);
  co_return co_await user.run_iteration(flow, iteration);
}

}  // namespace loader
