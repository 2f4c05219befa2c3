#include "loader/suite/possible_samples.h"

#include <initializer_list>
#include <string_view>

#include "loader/metrics/metric_builtins.h"

namespace loader {
namespace {

/// Walks the steps of all flows and collects what they can emit.
class SampleCollector {
 public:
  explicit SampleCollector(PossibleSamples& possible) : possible_(possible) {}

  void add_metrics(std::initializer_list<MetricId> metrics) {
    for (const MetricId metric : metrics) {
      possible_.metrics.emplace(builtin_metrics()[metric.index].name);
    }
  }
  void add_tag(std::string_view key, std::string_view value) {
    possible_.tags[std::string(key)].emplace(value);
  }
  void add_tags(const TagMap& tags) {
    for (const auto& [key, value] : tags) add_tag(key, value);
  }
  /// A tag whose values depend on the gateway.
  void add_open_tag(const std::string& key) { possible_.tags[key].clear(); }

  void add_steps(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      std::visit([&](const auto& action) { add_action(step, action); }, step.action);
    }
  }

 private:
  void add_action(const Step& step, const ChatStep& chat) {
    using Builtin = BuiltinMetrics;
    add_request(step, "POST");
    for (const ChatStep::Model& model : chat.models) add_tag("model", model.name);
    add_metrics({Builtin::llm_requests_success, Builtin::llm_requests_error,
                 Builtin::llm_success_rate, Builtin::llm_tokens_generated,
                 Builtin::llm_total_tokens, Builtin::llm_time_to_first_response,
                 Builtin::llm_response_time, Builtin::llm_hourly_latency,
                 Builtin::llm_latency_drift, Builtin::llm_tokens_per_second, Builtin::llm_goodput});
    if (!chat.stream) return;
    add_open_tag("reason");
    add_metrics({Builtin::llm_time_to_first_token, Builtin::llm_streaming_success,
                 Builtin::llm_streaming_errors, Builtin::llm_time_to_first_event,
                 Builtin::llm_inter_token_latency, Builtin::llm_time_per_output_token,
                 Builtin::llm_stream_stall_max, Builtin::llm_stream_in_band_errors,
                 Builtin::llm_stream_missing_done, Builtin::llm_stream_missing_content,
                 Builtin::llm_stream_missing_finish_reason, Builtin::llm_stream_cut_short,
                 Builtin::llm_token_count_mismatches});
  }
  void add_action(const Step& step, const HttpStep& http) { add_request(step, http.method); }
  void add_action(const Step&, const SleepStep&) {}
  void add_action(const Step&, const GroupStep& group) {
    add_tag("group", group.path);
    add_metrics({BuiltinMetrics::group_duration});
    add_steps(group.steps);
  }
  void add_action(const Step&, const RepeatStep& repeat) { add_steps(repeat.steps); }
  void add_action(const Step&, const PickStep& pick) {
    for (const PickStep::Branch& branch : pick.branches) add_steps(branch.steps);
  }

  void add_request(const Step& step, std::string_view method) {
    using Builtin = BuiltinMetrics;
    add_metrics({Builtin::http_reqs, Builtin::http_req_failed, Builtin::http_req_duration,
                 Builtin::http_req_blocked, Builtin::http_req_connecting,
                 Builtin::http_req_tls_handshaking, Builtin::http_req_sending,
                 Builtin::http_req_waiting, Builtin::http_req_receiving});
    add_tag("method", method);
    add_tag("expected_response", "true");
    add_tag("expected_response", "false");
    for (const char* const open :
         {"name", "url", "status", "proto", "tls_version", "error", "error_code"}) {
      add_open_tag(open);
    }
    for (const auto& [key, value] : step.tags) add_tag(key, value);
    if (step.retry.attempts > 1) add_metrics({Builtin::llm_retries});
    for (const Check& check : step.checks) {
      add_metrics({Builtin::checks});
      add_tag("check", check.name);
    }
  }

  PossibleSamples& possible_;
};

}  // namespace

PossibleSamples possible_samples(const Suite& suite, const TagMap& run_tags) {
  using Builtin = BuiltinMetrics;
  PossibleSamples possible;
  SampleCollector collector(possible);
  collector.add_metrics({Builtin::vus, Builtin::vus_max, Builtin::iterations,
                         Builtin::iteration_duration, Builtin::dropped_iterations,
                         Builtin::data_sent, Builtin::data_received});
  collector.add_tag("group", "");
  collector.add_tags(suite.options.tags);
  collector.add_tags(run_tags);
  if (suite.setup) collector.add_steps(suite.setup->steps);
  if (suite.teardown) collector.add_steps(suite.teardown->steps);
  for (const ScenarioFlow& of_suite : suite.scenarios) {
    const Scenario& scenario = of_suite.scenario;
    collector.add_tag("scenario", scenario.name);
    collector.add_tags(scenario.tags);
    for (const std::string& phase : phase_names(scenario.model)) collector.add_tag("phase", phase);
    if (is_open(scenario.model)) {
      collector.add_metrics({Builtin::iteration_duration_intended, Builtin::iteration_start_delay});
    }
    collector.add_steps(of_suite.flow.steps);
  }
  for (const Scenario& scenario : suite.options.scenarios) {
    // Which levels there will be depends on how they turn out.
    if (std::holds_alternative<SaturationSearch>(scenario.model)) collector.add_open_tag("phase");
  }
  return possible;
}

}  // namespace loader
