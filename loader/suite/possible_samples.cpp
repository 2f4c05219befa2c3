#include "loader/suite/possible_samples.h"

#include <initializer_list>
#include <string_view>

#include "loader/flow/llm_result.h"
#include "loader/metrics/metric_builtins.h"
#include "loader/metrics/metric_drift.h"
#include "loader/scenarios/execution_plan.h"

namespace loader {
namespace {

/// Metrics of one kind are measured together, so their samples have the same tags.
enum class Kind {
  run,
  iteration,
  arrival,
  dropped,
  data,
  group,
  request,
  chat,
  tokens,
  failure,
  stream,
  retry,
  check,
  end,
};

using Builtin = BuiltinMetrics;

void add_tag(PossibleTags& tags, std::string_view key, std::string_view value) {
  tags[std::string(key)].values.emplace(value);
}

template <class List>
void add_tags(PossibleTags& tags, const List& list) {
  for (const auto& [key, value] : list) add_tag(tags, key, value);
}

/// Walks the steps of all flows and collects what they can emit.
class SampleCollector {
 public:
  SampleCollector(const Suite& suite, const Url& base_url)
      : follows_redirects_(suite.options.client.redirects_max > 0),
        system_tags_(suite.options.system_tags),
        base_url_(base_url) {
    possible_.tags.resize(static_cast<std::size_t>(Kind::end));
  }

  /// Samples of `metrics`, with `tags`, can occur.
  void add(Kind kind, std::initializer_list<MetricId> metrics, const PossibleTags& tags) {
    const auto place = static_cast<std::size_t>(kind);
    for (const MetricId metric : metrics) {
      possible_.metrics.emplace(builtin_metrics()[metric.index].name, place);
    }
    for (const auto& [key, more] : tags) {
      TagValues& known = possible_.tags[place][key];
      known.values.insert(more.values.begin(), more.values.end());
      known.is_open = known.is_open || more.is_open;
      known.has_urls = known.has_urls || more.has_urls;
    }
  }
  void add_reason(MetricId metric, std::string reason) {
    possible_.reasons.emplace(builtin_metrics()[metric.index].name, std::move(reason));
  }

  /// `base` is what the iteration and the groups around the steps give their samples.
  void add_steps(const std::vector<Step>& steps, const PossibleTags& base) {
    for (const Step& step : steps) {
      std::visit([&](const auto& action) { add_action(step, action, base); }, step.action);
    }
  }

  [[nodiscard]] bool has_chats() const {
    return possible_.metrics.contains(builtin_metrics()[Builtin::llm_response_time.index].name);
  }
  [[nodiscard]] PossibleSamples take() { return std::move(possible_); }

 private:
  void add_action(const Step& step, const ChatStep& chat, const PossibleTags& base) {
    PossibleTags tags = request_tags(step, "POST", chat.path, base);
    for (const ChatStep::Model& model : chat.models) add_tag(tags, "model", model.name);
    add_request(step, tags, base);
    add(Kind::chat,
        {Builtin::llm_requests_success, Builtin::llm_success_rate,
         Builtin::llm_time_to_first_response, Builtin::llm_response_time,
         Builtin::llm_tokens_per_second, Builtin::llm_goodput, Builtin::llm_token_count_mismatches},
        tags);
    PossibleTags of_tokens = tags;
    for (const TokenSource source : {TokenSource::usage, TokenSource::counted}) {
      add_tag(of_tokens, "token_source", to_string(source));
    }
    add(Kind::tokens, {Builtin::llm_tokens_generated, Builtin::llm_total_tokens}, of_tokens);
    PossibleTags of_failure = tags;
    of_failure["reason"].is_open = true;
    add(Kind::failure, {Builtin::llm_requests_error}, of_failure);
    if (!chat.stream) return;
    add(Kind::stream,
        {Builtin::llm_time_to_first_token, Builtin::llm_streaming_success,
         Builtin::llm_time_to_first_event, Builtin::llm_inter_token_latency,
         Builtin::llm_time_per_output_token, Builtin::llm_stream_stall_max,
         Builtin::llm_stream_in_band_errors, Builtin::llm_stream_missing_done,
         Builtin::llm_stream_missing_content, Builtin::llm_stream_missing_finish_reason,
         Builtin::llm_stream_cut_short},
        tags);
    add(Kind::failure, {Builtin::llm_streaming_errors}, of_failure);
  }
  void add_action(const Step& step, const HttpStep& http, const PossibleTags& base) {
    add_request(step, request_tags(step, http.method, http.path, base), base);
  }
  void add_action(const Step&, const SleepStep&, const PossibleTags&) {}
  void add_action(const Step&, const AbortStep&, const PossibleTags&) {}
  void add_action(const Step&, const GroupStep& group, const PossibleTags& base) {
    PossibleTags inside = base;
    if (system_tags_.has("group")) inside["group"] = {.values = {group.path}};
    add(Kind::group, {Builtin::group_duration}, inside);
    add_steps(group.steps, inside);
  }
  void add_action(const Step&, const RepeatStep& repeat, const PossibleTags& base) {
    add_steps(repeat.steps, base);
  }
  void add_action(const Step&, const PickStep& pick, const PossibleTags& base) {
    for (const PickStep::Branch& branch : pick.branches) add_steps(branch.steps, base);
  }

  [[nodiscard]] PossibleTags request_tags(const Step& step, std::string_view method,
                                          const std::string& path, const PossibleTags& base) const {
    PossibleTags tags = base;
    add_tag(tags, "method", method);
    add_tag(tags, "expected_response", "true");
    add_tag(tags, "expected_response", "false");
    add_tag(tags, "proto", "HTTP/1.1");
    for (const char* const open : {"status", "error", "error_code"}) tags[open].is_open = true;
    const auto url = join_url(base_url_, path);
    if (url && url->is_https) tags["tls_version"].is_open = true;
    for (const char* const key : {"name", "url"}) {
      TagValues& values = tags[key];
      values.values.insert(step.name.empty() && url ? url->to_string() : step.name);
      values.has_urls = step.name.empty() && follows_redirects_;
    }
    if (system_tags_.has("ip")) tags["ip"].is_open = true;
    std::erase_if(tags, [this](const auto& tag) { return !system_tags_.has(tag.first); });
    add_tags(tags, step.tags);
    return tags;
  }

  /// `tags` are those of the requests, `base` those of the iteration and the group.
  void add_request(const Step& step, const PossibleTags& tags, const PossibleTags& base) {
    add(Kind::request,
        {Builtin::http_reqs, Builtin::http_req_failed, Builtin::http_req_duration,
         Builtin::http_req_blocked, Builtin::http_req_connecting, Builtin::http_req_tls_handshaking,
         Builtin::http_req_sending, Builtin::http_req_waiting, Builtin::http_req_receiving},
        tags);
    PossibleTags own = base;
    add_tags(own, step.tags);
    if (step.retry.attempts > 1) {
      add(Kind::retry, {Builtin::llm_retries, Builtin::llm_retry_amplification}, own);
    }
    if (step.checks.empty()) return;
    for (const Check& check : step.checks) {
      if (system_tags_.has("check")) add_tag(own, "check", check.name);
    }
    add(Kind::check, {Builtin::checks}, own);
  }

  bool follows_redirects_;
  SystemTags system_tags_;
  const Url& base_url_;
  PossibleSamples possible_;
};

bool may_drop(const LoadModel& model) {
  return !std::holds_alternative<ConstantVus>(model) && !std::holds_alternative<RampingVus>(model);
}

void add_scenario(SampleCollector& collector, const ScenarioFlow& of_suite,
                  const PossibleTags& run) {
  const Scenario& scenario = of_suite.scenario;
  PossibleTags tags = run;
  add_tag(tags, "scenario", scenario.name);
  add_tags(tags, scenario.tags);
  if (may_drop(scenario.model)) collector.add(Kind::dropped, {Builtin::dropped_iterations}, tags);
  for (const std::string& phase : phase_names(scenario.model)) add_tag(tags, "phase", phase);
  // Which levels there will be depends on how they turn out.
  if (std::holds_alternative<SaturationSearch>(scenario.model)) tags["phase"].is_open = true;
  add_tag(tags, "group", "");
  collector.add(Kind::iteration, {Builtin::iterations, Builtin::iteration_duration}, tags);
  collector.add(Kind::data, {Builtin::data_sent, Builtin::data_received}, tags);
  if (is_open(scenario.model)) {
    collector.add(Kind::arrival,
                  {Builtin::iteration_duration_intended, Builtin::iteration_start_delay}, tags);
  }
  collector.add_steps(of_suite.flow.steps, tags);
}

void add_once(SampleCollector& collector, const Flow& flow, const PossibleTags& run) {
  PossibleTags tags = run;
  add_tag(tags, "group", flow.group);
  collector.add(Kind::data, {Builtin::data_sent, Builtin::data_received}, tags);
  collector.add_steps(flow.steps, tags);
}

// Latency is told by windows, each once it is over.
void add_windows(SampleCollector& collector, const Suite& suite, const PossibleTags& run) {
  if (!collector.has_chats()) return;
  const lab::Duration longest =
      plan_execution(suite.options.scenarios, ExecutionShare()).duration_max;
  constexpr auto kDriftMin = static_cast<std::int64_t>(LatencyDrift::kWindowsMin);
  for (const auto& [metric, windows] : {std::pair(Builtin::llm_hourly_latency, std::int64_t{1}),
                                        std::pair(Builtin::llm_latency_drift, kDriftMin),
                                        std::pair(Builtin::llm_latency_drift_low, kDriftMin),
                                        std::pair(Builtin::llm_latency_drift_high, kDriftMin)}) {
    const lab::Duration needed = LatencyDrift::kWindow * windows;
    if (longest >= needed) {
      collector.add(Kind::run, {metric}, run);
    } else {
      collector.add_reason(metric, "it needs a run of " + lab::format_duration(needed) +
                                       ", and this one is over after " +
                                       lab::format_duration(longest) + " at the latest");
    }
  }
}

}  // namespace

PossibleSamples possible_samples(const Suite& suite, const Url& base_url) {
  SampleCollector collector(suite, base_url);
  PossibleTags run;
  add_tags(run, suite.options.tags);
  collector.add(Kind::run, {Builtin::vus, Builtin::vus_max}, run);
  for (const ScenarioFlow& of_suite : suite.scenarios) add_scenario(collector, of_suite, run);
  add_windows(collector, suite, run);
  collector.add_reason(Builtin::dropped_iterations,
                       "constant-vus and ramping-vus have no iterations to drop");
  if (suite.setup && !suite.options.no_setup) add_once(collector, *suite.setup, run);
  if (suite.teardown && !suite.options.no_teardown) add_once(collector, *suite.teardown, run);
  return collector.take();
}

}  // namespace loader
