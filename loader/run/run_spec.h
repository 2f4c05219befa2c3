// What a run is told besides its suite, and whom it tells.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "loader/flow/flow.h"
#include "loader/http/url.h"
#include "loader/outputs/request_log.h"
#include "loader/outputs/sample_output.h"
#include "loader/scenarios/execution_segment.h"
#include "loader/script/script_log.h"
#include "loader/summary/progress.h"
#include "loader/summary/summary_data.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// What a run is besides its suite.
struct RunSpec {
  Url base_url;
  std::string api_key;
  std::uint64_t seed = 1;
  bool is_seeded = true;  ///< The user has chosen the seed: request ids follow from it, too.
  /// Makes the request ids of this run its own; 0: they follow from the seed.
  std::uint64_t salt = 0;
  ExecutionShare share;
  bool evaluates_thresholds = true;
  NoDataPolicy no_data = NoDataPolicy::fail;
  bool breaks_down = false;   ///< The summary has parts.
  std::uint64_t threads = 1;  ///< More than one only over real sockets.
  /// Whatever host a script names, its requests go to base_url: a simulation has no other.
  bool reaches_gateway_only = false;
  bool meters_scripts = true;  ///< A script's chat requests are measured as a flow's are.
  bool hands_summary = false;  ///< A script's handleSummary() is called.
  bool records = false;        ///< The result has a RunRecord.
  bool keeps_windows = false;  ///< The summary tells what happened when.
  /// False: what setup and teardown do is not measured, since another process of the same run does
  /// and measures the same.
  bool measures_setup = true;
  /// When the scenarios start: asked again and again after setup, until it says a time, which is
  /// waited for. An Error ends the run. Empty: at once.
  std::function<lab::Result<std::optional<lab::WallTime>>(lab::WallTime now)> start{};
  /// Where time goes by itself: has the function told how late each timer of the run's own thread
  /// is, from here on; an empty function ends that. Empty where time waits for everybody: there is
  /// nothing to be late for, and the run does not watch itself.
  using NoteLateness = std::function<void(lab::TimePoint due, lab::Duration late)>;
  using TellLateness = std::function<void(NoteLateness note)>;
  TellLateness tell_lateness{};
};

/// What a run says while it goes on; all of it on the runtime's thread.
struct RunObserver {
  std::function<void(std::string)> warn;
  /// Shown each kind of request that a script makes, once a thread; see ScriptRunSettings.
  std::function<void(Step)> request_seen{};
  /// Shown what httpDebug asks for, and when the scenarios start; callable from any thread.
  std::function<void(std::string)> show;
  /// A script's console, and what its host says; callable from any thread. Empty: nobody reads it.
  std::function<void(const ScriptLogLine&)> log{};
  /// Called every progress_interval if set.
  std::function<void(const RunProgress&)> progress;
  lab::Duration progress_interval = std::chrono::seconds(1);
  /// Asked every now and then by a world that hears no signals, if set; true interrupts the run.
  std::function<bool()> is_interrupted;
  /// The last state of the scenarios.
  std::function<void(const RunProgress&)> finished;
  /// Given what there is so far, at most every kSnapshotInterval, while anybody follows the run.
  std::function<void(SummaryData)> snapshot{};
  /// Whether anybody does; asked before a summary is made.
  std::function<bool()> is_followed{};
  /// How often the outputs are handed what there is, for whoever follows them while the run goes
  /// on; none: at its end.
  std::optional<lab::Duration> flush_interval;
  /// Where samples go besides the summary; outlives the run. Null: nowhere.
  Outputs* outputs = nullptr;
  /// Where each request is written down; outlives the run. Null: nowhere.
  RequestLog* requests = nullptr;
  // For handleSummary().
  bool is_stdout_tty = false;
  bool is_stderr_tty = false;
  bool no_color = false;
};

}  // namespace loader
