// A run of a suite, from setup to the verdict, in whichever world the runtime belongs to.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loader/run/exit_code.h"
#include "loader/run/run_conclusion.h"
#include "loader/run/run_part.h"
#include "loader/run/run_result.h"
#include "loader/run/run_spec.h"
#include "loader/run/run_threads.h"
#include "loader/run/run_ticks.h"
#include "loader/run/self_watch.h"
#include "loader/scenarios/execution_plan.h"
#include "loader/suite/suite.h"
#include "loader/summary/progress.h"
#include "loader/summary/summary_data.h"
#include "loader/thresholds/breach_history.h"
#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace loader {

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
  /// `parts`: the first is of this thread.
  Run(lab::Runtime& runtime, const Suite& suite, std::vector<RunPartSettings> parts);
  boost::asio::awaitable<bool> run_once(const std::optional<Flow>& flow, lab::Duration timeout,
                                        ExitCode on_timeout);
  /// False: there is nothing to start any more.
  boost::asio::awaitable<bool> wait_for_start();
  void tell_start(lab::WallTime start, lab::WallTime now) const;
  boost::asio::awaitable<void> run_scenarios();
  boost::asio::awaitable<void> monitor();
  void tick();
  void note_breaches();
  void show_snapshot();
  [[nodiscard]] std::optional<OverTime> over_time() const;
  [[nodiscard]] std::optional<IterationTotals> iterations() const;
  void watch_itself();
  /// None where it can't be late.
  [[nodiscard]] std::optional<Strain> strain() const;
  [[nodiscard]] RunTick most() const;
  [[nodiscard]] LatencyDrift drift() const;
  void watch_threads();
  void warn_of_outputs();
  [[nodiscard]] std::vector<ErrorTally> errors() const;
  /// Whether a threshold may end the run.
  [[nodiscard]] bool watches_thresholds() const;
  void check_thresholds();
  /// Runs setup under the eyes of such thresholds; false: there is to be no load.
  boost::asio::awaitable<bool> set_up();
  void part_ended(std::exception_ptr thrown);
  void cut();
  [[nodiscard]] PartReport report() const;
  /// What all threads have measured; a copy of theirs, if there are several.
  [[nodiscard]] const Metrics& all_metrics();
  void show_progress(const std::function<void(const RunProgress&)>& show) const;
  void fail(const std::string& flow, const FlowFailure& failure);
  void conclude();
  [[nodiscard]] RunRecord record(const RunTotals& totals) const;
  void judge_searches(const std::vector<SearchSummary>& searches);
  /// False if a virtual user of a script could not be made.
  boost::asio::awaitable<bool> prepare();
  boost::asio::awaitable<void> summarize();

  lab::Runtime& runtime_;
  const Suite& suite_;
  RunSpec spec_;
  RunObserver observer_;
  ExecutionPlan plan_;
  RunPart part_;
  lab::Wakeup wakeup_;
  lab::TimePoint started_{};                   ///< Of the run; later by what it has waited since.
  lab::TimePoint scenarios_started_{};         ///< Setup is over.
  std::optional<lab::WallTime> wall_started_;  ///< The same; none before.
  std::unique_ptr<RunThreads> threads_;        ///< Null: this thread does everything.
  std::optional<SelfWatch> watch_;             ///< While scenarios run, and what was seen then.
  std::optional<Metrics> total_;
  TagTable no_tags_;
  std::size_t parts_running_ = 0;
  RunTicks ticks_;
  BreachHistory breaches_;
  lab::TimePoint judgement_due_{};  ///< For breaches_.
  lab::TimePoint snapshot_due_{};
  bool is_interrupted_ = false;
  bool is_tearing_down_ = false;
  bool has_waited_in_vain_ = false;  ///< For the moment of its start: nothing is to be judged.
  bool is_cut_ = false;              ///< The scenarios are not to come to their end.
  bool is_whole_ = false;            ///< They have.
  std::exception_ptr error_;
  RunResult result_;
};

}  // namespace loader
