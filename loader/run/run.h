// A run of a suite, from setup to the verdict, in whichever world the runtime belongs to.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loader/outputs/sample_output.h"
#include "loader/run/exit_code.h"
#include "loader/run/run_part.h"
#include "loader/run/run_threads.h"
#include "loader/scenarios/execution_plan.h"
#include "loader/suite/suite.h"
#include "loader/summary/progress.h"
#include "loader/summary/summary_data.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace loader {

/// What a run is besides its suite.
struct RunSpec {
  Url base_url;
  std::string api_key;
  std::uint64_t seed = 1;
  ProxyRules proxies;
  /// Set by the run, for all of its threads.
  std::shared_ptr<RateGate> rate_gate{};
  bool is_seeded = true;  ///< The user has chosen the seed: request ids follow from it, too.
  /// Makes the request ids of this run its own; 0: they follow from the seed.
  std::uint64_t request_id_salt = 0;
  ExecutionShare share;
  bool evaluates_thresholds = true;
  NoDataPolicy no_data = NoDataPolicy::fail;
  bool breaks_down = false;   ///< The summary has parts and distributions.
  std::uint64_t threads = 1;  ///< More than one only over real sockets.
};

/// What a run says while it goes on; all of it on the runtime's thread.
struct RunObserver {
  std::function<void(std::string)> warn;
  /// Shown what httpDebug asks for; callable from any thread.
  std::function<void(std::string)> show;
  /// Called every progress_interval if set.
  std::function<void(const RunProgress&)> progress;
  lab::Duration progress_interval = std::chrono::seconds(1);
  /// Asked every now and then by a world that hears no signals, if set; true interrupts the run.
  std::function<bool()> is_interrupted;
  /// The last state of the scenarios.
  std::function<void(const RunProgress&)> finished;
  /// How often the outputs are handed what there is, for whoever follows them while the run goes
  /// on; none: at its end.
  std::optional<lab::Duration> flush_interval;
  /// Where samples go besides the summary; outlives the run. Null: nowhere.
  Outputs* outputs = nullptr;
  /// Where each request is written down; outlives the run. Null: nowhere.
  RequestLog* requests = nullptr;
};

struct RunResult {
  ExitCode exit_code = ExitCode::ok;
  SummaryData summary;
  ThresholdReport thresholds;
  /// Why the exit code is not 0, for people; one sentence each.
  std::vector<std::string> errors;
};

class Run {
 public:
  /// `runtime` and `suite` outlive it.
  Run(lab::Runtime& runtime, const Suite& suite, RunSpec spec, RunObserver observer);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Setup, all scenarios, teardown, verdict. Once.
  boost::asio::awaitable<void> execute();
  /// Ends the run early, as k6 does: iterations under way are cut, teardown still runs; exit code
  /// 105.
  void interrupt();

  /// Instead of an execute() that will never come to its end: what there is so far is the result.
  void give_up(ExitCode code, std::string why);

  /// After execute() or give_up().
  [[nodiscard]] RunResult& result() { return result_; }

 private:
  boost::asio::awaitable<bool> run_once(const std::optional<Flow>& flow, lab::Duration timeout,
                                        ExitCode on_timeout);
  boost::asio::awaitable<void> run_scenarios();
  boost::asio::awaitable<void> monitor();
  void add_vus_samples(const PartReport& report);
  void add_drift_samples();
  void watch_threads();
  [[nodiscard]] std::vector<ErrorTally> errors() const;
  void check_thresholds();
  void part_ended(std::exception_ptr thrown);
  void cut();
  [[nodiscard]] PartReport report() const;
  /// What all threads have measured; a copy of theirs, if there are several.
  [[nodiscard]] const Metrics& all_metrics();
  void show_progress(const std::function<void(const RunProgress&)>& show) const;
  void fail(ExitCode code, std::string error);
  void fail(const std::string& flow, const FlowFailure& failure);
  void conclude();
  void add_parts(const SummaryOptions& options);
  void judge_searches(const std::vector<SearchSummary>& searches);

  lab::Runtime& runtime_;
  const Suite& suite_;
  RunSpec spec_;
  RunObserver observer_;
  ExecutionPlan plan_;
  RunPart part_;
  lab::Wakeup wakeup_;
  lab::TimePoint started_{};             ///< Of the run.
  lab::TimePoint scenarios_started_{};   ///< Setup is over.
  std::unique_ptr<RunThreads> threads_;  ///< Null: this thread does everything.
  std::optional<Metrics> total_;
  TagTable no_tags_;
  std::size_t parts_running_ = 0;
  std::size_t drift_windows_ = 0;  ///< Whose latency has been told.
  bool is_interrupted_ = false;
  std::exception_ptr error_;
  RunResult result_;
};

}  // namespace loader
