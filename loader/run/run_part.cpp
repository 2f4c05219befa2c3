#include "loader/run/run_part.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "loader/scenarios/execution_plan.h"
#include "loader/scenarios/scenario_core.h"
#include "shared/base/json.h"

namespace loader {

namespace asio = boost::asio;

namespace {

std::vector<std::pair<std::string, std::string>> tag_list(const TagMap& tags) {
  return {tags.begin(), tags.end()};
}

RunSettings run_settings(const Suite& suite, const RunPartSettings& part,
                         std::function<void(const RequestRecord&)> on_request) {
  return {.base_url = part.spec.base_url,
          .api_key = part.spec.api_key,
          .rng = lab::Rng(part.spec.seed),
          .salt = part.spec.salt,
          .client = suite.options.client,
          .system_tags = suite.options.system_tags,
          .rate_gate = part.rate_gate,
          .show = part.observer.show,
          .on_request = std::move(on_request),
          .warn = part.observer.warn};
}

}  // namespace

RunPart::RunPart(lab::Runtime& runtime, const Suite& suite, RunPartSettings settings)
    : runtime_(runtime),
      suite_(suite),
      settings_(std::move(settings)),
      metrics_(suite.registry, tags_),
      run_tags_(tags_.intern(tag_list(suite.options.tags))),
      context_(
          runtime, metrics_, tags_,
          run_settings(suite, settings_, [this](const RequestRecord& record) { take(record); })),
      wakeup_(runtime) {
  bound_tags();
  metrics_.observe(
      {BuiltinMetrics::llm_response_time},
      [this](const Sample& sample, const TagTable& tags) { observe_drift(sample, tags); });
  if (settings_.spec.breaks_down) {
    breakdown_.emplace(suite.registry, tags_);
    metrics_.observe([this](const Sample& sample, const TagTable&) { breakdown_->add(sample); });
  }
  if (settings_.spec.keeps_windows) keep_windows();
  if (settings_.observer.outputs != nullptr) {
    samples_.emplace(*settings_.observer.outputs, [this] { return runtime_.now(); });
    metrics_.observe(
        [this](const Sample& sample, const TagTable& tags) { samples_->add(sample, tags); });
  }
  for (std::size_t i = 0; i < suite.scenarios.size(); ++i) add_runner(i);
  if (!suite.script) return;
  script_users_ = suite.script->make_users(context_, script_settings());
  for (std::size_t i = 0; i < suite.scenarios.size(); ++i) add_script_scenario(i);
}

RunPart::~RunPart() = default;

// A verdict must not hang on whether other tags have filled the table.
void RunPart::bound_tags() {
  for (const MetricInfo& metric : suite_.registry.metrics()) {
    for (const auto& [key, value] : metric.tags) tags_.keep(key);
  }
  for (const char* const key : {"scenario", "method", "status", "expected_response", "model"}) {
    tags_.keep(key);
  }
  if (!settings_.observer.warn) return;
  tags_.on_overflow([warn = settings_.observer.warn] {
    warn("there are more different tags than can be kept (" + std::to_string(TagTable::kSetsMax) +
         " sets); further samples lack some of theirs, but not those that thresholds name");
  });
}

void RunPart::add_runner(std::size_t scenario) {
  const Scenario& of_suite = suite_.scenarios[scenario].scenario;
  TagSetId tags = run_tags_;
  for (const auto& [key, value] : of_suite.tags) tags = tags_.with(tags, key, value);
  // As in k6 its name stands over a tag of the user's.
  if (suite_.options.system_tags.has("scenario")) {
    tags = tags_.with(tags, "scenario", of_suite.name);
  }
  scenario_tags_.push_back(tags);

  ScenarioHooks hooks;
  hooks.run_iteration = [this, scenario](IterationInfo info) {
    return iterate(scenario, std::move(info));
  };
  hooks.is_over = [this] { return failure_.has_value(); };
  hooks.dropped = [this, tags](std::uint64_t count) {
    metrics_.add(BuiltinMetrics::dropped_iterations, static_cast<double>(count), tags,
                 runtime_.now());
  };
  if (settings_.observer.warn) {
    hooks.warn = [warn = settings_.observer.warn, name = of_suite.name](
                     const std::string& message) { warn("scenario " + name + ": " + message); };
  }
  if (std::holds_alternative<SaturationSearch>(of_suite.model)) add_judge(scenario, hooks);
  const std::optional<ScenarioShare>& share = settings_.share.scenarios[scenario];
  const ScenarioRunSettings settings{
      .share = share.value_or(ScenarioShare()),
      .has_work = share.has_value(),
      .min_iteration_duration = suite_.options.min_iteration_duration,
      .rng = context_.settings().rng.child("arrivals", of_suite.name)};
  runners_.emplace_back(runtime_, pool_, of_suite, settings, std::move(hooks));
}

void RunPart::add_judge(std::size_t scenario, ScenarioHooks& hooks) {
  LevelJudge& judge = judges_.emplace_back(suite_.scenarios[scenario], suite_.registry, tags_);
  metrics_.observe([&judge](const Sample& sample, const TagTable&) { judge.observe(sample); });
  hooks.level_begins = [&judge](const std::string& phase) { judge.begin(phase); };
  hooks.judge_level = [&judge](const LevelEnd& level) { return judge.judge(level); };
}

void RunPart::take(const RequestRecord& record) {
  errors_.add(record, tags_);
  if (windows_ && started_) windows_->add(record, record.end - *started_);
  if (settings_.observer.requests != nullptr) settings_.observer.requests->add(record, tags_);
}

void RunPart::observe_drift(const Sample& sample, const TagTable& tags) {
  if (!started_) return;
  // Failures are fast, or as slow as their timeout: neither is the gateway's latency.
  if (tags.find(sample.tags, "expected_response") != "true") return;
  drift_.add(sample.value, sample.at - *started_);
}

PartReport RunPart::report() const {
  PartReport report;
  report.vus = pool_.in_use();
  report.has_failed = failure_.has_value();
  if (samples_) report.held_by_outputs = samples_->held();
  for (const ScenarioRunner& runner : runners_) {
    report.scenarios.push_back({.state = runner.state(),
                                .counts = runner.counts(),
                                .vus = runner.vus(),
                                .vus_most = runner.vus_most(),
                                .active_most = runner.active_most()});
    report.active_vus += runner.active_vus();
  }
  return report;
}

std::vector<SearchSummary> RunPart::searches() const {
  std::vector<SearchSummary> searches;
  auto judge = judges_.begin();
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    if (!std::holds_alternative<SaturationSearch>(suite_.scenarios[i].scenario.model)) continue;
    SearchSummary& search = searches.emplace_back((judge++)->summary());
    search.is_over = runners_[i].state() == ScenarioState::done;
  }
  return searches;
}

void RunPart::keep_windows() {
  windows_.emplace(tags_);
  metrics_.observe({BuiltinMetrics::iterations}, [this](const Sample& sample, const TagTable&) {
    if (started_) windows_->add_iteration(sample.at - *started_);
  });
  metrics_.observe(
      {BuiltinMetrics::dropped_iterations}, [this](const Sample& sample, const TagTable&) {
        if (!started_) return;
        windows_->add_dropped(static_cast<std::uint64_t>(sample.value), sample.at - *started_);
      });
}

void RunPart::flush_outputs() {
  if (settings_.observer.requests != nullptr) settings_.observer.requests->flush();
  if (!samples_) return;
  samples_->flush();
  settings_.observer.outputs->flush();
}

asio::awaitable<void> RunPart::run(lab::TimePoint start) {
  started_ = start;
  for (std::size_t i = 0; i < runners_.size(); ++i) phase_tags_.push_back(make_phase_tags(i));
  for (std::size_t i = 0; i < script_scenarios_.size(); ++i) {
    const lab::Duration after = suite_.scenarios[i].scenario.start_time;
    script_scenarios_[i].started = start + after;
    script_scenarios_[i].wall_started = runtime_.wall_now() + (start - runtime_.now()) + after;
  }
  running_ = runners_.size();
  for (ScenarioRunner& runner : runners_) {
    auto running = runner.run(start);
    auto on_end = [this](std::exception_ptr thrown) {
      if (thrown && !error_) error_ = std::move(thrown);
      --running_;
      wakeup_.notify();
    };
    asio::co_spawn(runtime_.executor(), std::move(running), std::move(on_end));
  }
  bool has_cut = false;
  while (running_ > 0) {
    // Once: a cut wakes this loop again.
    if ((error_ || failure_) && !std::exchange(has_cut, true)) cut();
    co_await wakeup_.wait_until(runtime_.now() + std::chrono::hours(1));
  }
  if (error_) std::rethrow_exception(error_);
}

asio::awaitable<void> RunPart::run_flow(const Flow& flow, FlowEnd* end) {
  const IterationContext iteration{.scenario = flow.name,
                                   .tags = run_tags_,
                                   .phases = nullptr,
                                   .vu = 0,
                                   .started = runtime_.now(),
                                   .intended_start = std::nullopt,
                                   .is_counted = false};
  const IterationOutcome outcome = co_await run_once_here(flow, iteration);
  const IterationEnd ended = note(outcome);
  *end = ended == IterationEnd::completed ? FlowEnd::completed
         : ended == IterationEnd::failed  ? FlowEnd::failed
                                          : FlowEnd::timed_out;
}

asio::awaitable<RunPart::FlowEnd> RunPart::run_once(const Flow& flow, lab::Duration timeout) {
  // What ended the scenarios does not keep teardown from running.
  is_cut_ = false;
  failure_.reset();
  FlowEnd end = FlowEnd::timed_out;
  const lab::TimePoint started = runtime_.now();
  co_await within(timeout, run_flow(flow, &end));
  // A script that computes can't be cut before it waits for something.
  const bool is_late = runtime_.now() - started > timeout;
  co_return end == FlowEnd::completed&& is_late ? FlowEnd::timed_out : end;
}

asio::awaitable<bool> RunPart::within(lab::Duration timeout, asio::awaitable<void> running) {
  const lab::TimePoint deadline = runtime_.now() + timeout;
  asio::cancellation_signal signal;
  bool done = false;
  bool is_in_time = true;
  std::exception_ptr error;
  auto on_end = [this, &done, &error](std::exception_ptr thrown) {
    error = std::move(thrown);
    done = true;
    wakeup_.notify();
  };
  asio::co_spawn(runtime_.executor(), std::move(running),
                 asio::bind_cancellation_slot(signal.slot(), std::move(on_end)));
  while (!done) {
    const lab::TimePoint now = runtime_.now();
    const bool is_over = now >= deadline || is_cut_;
    if (is_over) {
      is_in_time = false;
      signal.emit(asio::cancellation_type::terminal);
    }
    if (!done) co_await wakeup_.wait_until(is_over ? now + kUnwindCheck : deadline);
  }
  if (error) std::rethrow_exception(error);
  co_return is_in_time;
}

void RunPart::cut() {
  is_cut_ = true;
  for (ScenarioRunner& runner : runners_) runner.cut();
  wakeup_.notify();
}

asio::awaitable<IterationEnd> RunPart::iterate(std::size_t scenario, IterationInfo info) {
  if (script_users_) {
    if (!co_await prepare_user(info.vu)) {
      wakeup_.notify();
      co_return IterationEnd::failed;
    }
  } else {
    while (vus_.size() <= info.vu) vus_.emplace_back(context_);
  }
  const ScenarioFlow& of_suite = suite_.scenarios[scenario];
  const std::optional<PhaseTags>& phases = phase_tags_[scenario];
  const IterationContext iteration{.scenario = of_suite.scenario.name,
                                   .tags = iteration_tags(scenario, info.phase),
                                   .phases = phases ? &*phases : nullptr,
                                   .vu = settings_.share.vus.element(info.vu) + 1,
                                   .iteration_in_vu = info.iteration_in_vu,
                                   .iteration_in_scenario = info.iteration_in_scenario,
                                   .place = info.place + 1,
                                   .iteration_in_place = info.iteration_in_place,
                                   .started = info.started,
                                   .intended_start = info.intended_start};
  if (script_users_) {
    const IterationOutcome outcome =
        co_await script_users_->run_iteration(info.vu, &script_scenarios_[scenario], iteration);
    const IterationEnd end = note(outcome);
    // As in k6 the one that ends the run counts among those that the end cuts.
    const bool is_abort = outcome.kind == IterationOutcome::Kind::aborted;
    co_return is_abort ? IterationEnd::interrupted : end;
  }
  co_return note(co_await vus_[info.vu].run_iteration(of_suite.flow, iteration));
}

std::optional<PhaseTags> RunPart::make_phase_tags(std::size_t scenario) {
  const Scenario& of_suite = suite_.scenarios[scenario].scenario;
  const std::vector<std::string> names = phase_names(of_suite.model);
  if (names.empty()) return std::nullopt;
  const std::vector<lab::Duration> ends = phase_ends(of_suite.model);
  std::vector<PhaseTags::Phase> phases;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    phases.push_back(
        {*started_ + of_suite.start_time + ends[i], iteration_tags(scenario, names[i])});
  }
  return PhaseTags(std::move(phases), iteration_tags(scenario, names.back()));
}

TagSetId RunPart::iteration_tags(std::size_t scenario, const std::string& phase) {
  const TagSetId tags = scenario_tags_[scenario];
  // k6 has no such tag: one of the user's stands over it.
  const bool is_taken = tags_.find(tags, "phase").has_value();
  return phase.empty() || is_taken ? tags : tags_.with(tags, "phase", phase);
}

IterationEnd RunPart::note(const IterationOutcome& outcome) {
  switch (outcome.kind) {
    case IterationOutcome::Kind::completed:
      return IterationEnd::completed;
    case IterationOutcome::Kind::interrupted:
      return IterationEnd::interrupted;
    case IterationOutcome::Kind::failed:
    case IterationOutcome::Kind::aborted:
    case IterationOutcome::Kind::unusable:
      break;
  }
  if (!failure_) {
    failure_ = FlowFailure{outcome.kind == IterationOutcome::Kind::aborted, outcome.error,
                           outcome.kind == IterationOutcome::Kind::unusable};
  }
  // run() cuts the scenarios, for it may still be the one that is starting this iteration.
  wakeup_.notify();
  return IterationEnd::failed;
}

}  // namespace loader
