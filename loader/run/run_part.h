// One thread's part of a run: its share of the virtual users of all scenarios, and what they
// measure.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loader/flow/run_context.h"
#include "loader/flow/virtual_user.h"
#include "loader/http/rate_gate.h"
#include "loader/metrics/breakdown.h"
#include "loader/metrics/metric_drift.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/request_record.h"
#include "loader/metrics/run_windows.h"
#include "loader/metrics/tags.h"
#include "loader/run/error_tally.h"
#include "loader/run/level_judge.h"
#include "loader/run/part_report.h"
#include "loader/run/run_spec.h"
#include "loader/run/thread_share.h"
#include "loader/scenarios/scenario_runner.h"
#include "loader/scenarios/vu_pool.h"
#include "loader/script/script.h"
#include "loader/suite/suite.h"
#include "shared/runtime/runtime.h"
#include "shared/runtime/wakeup.h"

namespace loader {

/// What ended a part early.
struct FlowFailure {
  bool is_abort = false;     ///< The suite wanted it.
  std::string what;          ///< For people.
  bool is_unusable = false;  ///< It went well, but what it returned is of no use.
};

/// What all parts of a run have in common, and the share of one.
struct RunPartSettings {
  RunSpec spec;
  RunObserver observer;
  std::shared_ptr<RateGate> rate_gate{};  ///< Of all parts; null: requests are not bounded.
  ThreadShare share{};
};

/// Everything happens on the runtime's thread.
class RunPart {
 public:
  /// `suite` and `runtime` outlive it; the suite does not change any more.
  RunPart(lab::Runtime& runtime, const Suite& suite, RunPartSettings settings);
  ~RunPart();
  RunPart(const RunPart&) = delete;
  RunPart& operator=(const RunPart&) = delete;

  /// Runs all scenarios, counted from `start`, until the last has ended.
  boost::asio::awaitable<void> run(lab::TimePoint start);
  enum class FlowEnd { completed, failed, timed_out };
  /// Runs a flow once, outside of all scenarios: setup and teardown.
  boost::asio::awaitable<FlowEnd> run_once(const Flow& flow, lab::Duration timeout);

  /// Of a script: makes the virtual users that will be needed, and runs its init code in each.
  /// Else, and where that fails, nothing; failure() says why then.
  boost::asio::awaitable<void> prepare();
  /// What a script's setup() has returned; null without a script.
  [[nodiscard]] std::optional<std::string> setup_data() const;
  void set_setup_data(std::optional<std::string> json);
  /// A script's handleSummary(), given k6's summary data; taking longer is an Error.
  using SummaryEnd = lab::Result<std::optional<ScriptUsers::Files>>;
  boost::asio::awaitable<SummaryEnd> summarize(std::string data, lab::Duration timeout);
  /// Why the script marked the run as failed; none if it didn't.
  [[nodiscard]] const std::optional<std::string>& marked_failed() const { return marked_failed_; }

  /// Ends everything: cuts what is under way, and what is started later.
  void cut();

  /// Why a flow could not be carried out, or aborted; the first such reason since the last
  /// run_once() began. Such a failure cuts the part.
  [[nodiscard]] const std::optional<FlowFailure>& failure() const { return failure_; }
  [[nodiscard]] PartReport report() const;
  [[nodiscard]] const Metrics& metrics() const { return metrics_; }
  [[nodiscard]] Metrics& metrics() { return metrics_; }
  /// The tags of a sample that belongs to no scenario.
  [[nodiscard]] TagSetId run_tags() const { return run_tags_; }
  /// Times count from `start`.
  [[nodiscard]] const ErrorTallies& errors() const { return errors_; }
  /// Of the latency of chat requests, from the start of the scenarios on.
  [[nodiscard]] const LatencyDrift& drift() const { return drift_; }
  /// The saturation searches among the scenarios, as far as they have come.
  [[nodiscard]] std::vector<SearchSummary> searches() const;
  /// Null unless it was asked for.
  [[nodiscard]] const Breakdown* breakdown() const { return breakdown_ ? &*breakdown_ : nullptr; }
  /// What happened when; null unless windows are kept.
  [[nodiscard]] const RunWindows* windows() const { return windows_ ? &*windows_ : nullptr; }
  /// Hands what was measured to the outputs, and them to their readers.
  void flush_outputs();

 private:
  boost::asio::awaitable<IterationEnd> iterate(std::size_t scenario, IterationInfo info);
  boost::asio::awaitable<void> run_flow(const Flow& flow, FlowEnd* end);
  [[nodiscard]] std::optional<PhaseTags> make_phase_tags(std::size_t scenario);
  [[nodiscard]] TagSetId iteration_tags(std::size_t scenario, const std::string& phase);
  [[nodiscard]] IterationEnd note(const IterationOutcome& outcome);
  [[nodiscard]] ScriptRunSettings script_settings();
  void add_script_scenario(std::size_t scenario);
  boost::asio::awaitable<bool> prepare_user(std::size_t vu);
  /// False: it was cut, since it took longer or everything is to end.
  boost::asio::awaitable<bool> within(lab::Duration timeout, boost::asio::awaitable<void> running);
  boost::asio::awaitable<void> summarize_here(std::string data, SummaryEnd* end);
  boost::asio::awaitable<IterationOutcome> run_once_here(const Flow& flow,
                                                         IterationContext iteration);
  /// Each request that is over, for all that look at requests one by one.
  void take(const RequestRecord& record);
  void bound_tags();
  void keep_windows();
  void observe_drift(const Sample& sample, const TagTable& tags);
  void add_judge(std::size_t scenario, ScenarioHooks& hooks);
  void add_runner(std::size_t scenario);

  lab::Runtime& runtime_;
  const Suite& suite_;
  RunPartSettings settings_;
  TagTable tags_;
  Metrics metrics_;
  ErrorTallies errors_;
  LatencyDrift drift_;
  std::deque<LevelJudge> judges_;          ///< A deque, because hooks refer to them.
  std::optional<lab::TimePoint> started_;  ///< Set by run().
  std::optional<Breakdown> breakdown_;
  std::optional<RunWindows> windows_;
  std::optional<SampleBuffer> samples_;  ///< None: samples go nowhere else.
  TagSetId run_tags_;
  std::vector<TagSetId> scenario_tags_;
  std::vector<std::optional<PhaseTags>> phase_tags_;  ///< Of staged scenarios; set by run().
  RunContext context_;
  VuPool pool_;
  std::deque<VirtualUser> vus_;
  std::unique_ptr<ScriptUsers> script_users_;  ///< Instead of vus_, if the suite is a script.
  std::uint64_t users_prepared_ = 0;           ///< Of script_users_, before the run.
  std::vector<ScriptScenario> script_scenarios_;
  std::optional<std::string> marked_failed_;
  std::deque<ScenarioRunner> runners_;  ///< A deque, because runners can't move.
  lab::Wakeup wakeup_;
  std::size_t running_ = 0;
  std::exception_ptr error_;
  bool is_cut_ = false;
  std::optional<FlowFailure> failure_;
};

}  // namespace loader
