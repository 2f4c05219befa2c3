// The parts of a run that further threads carry out, each with its own runtime, virtual users and
// metrics.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "loader/metrics/breakdown.h"
#include "loader/metrics/metric_drift.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/over_time.h"
#include "loader/run/part_report.h"
#include "loader/run/run_part.h"
#include "loader/run/strain.h"
#include "loader/suite/suite.h"
#include "shared/base/time.h"

namespace loader {

class RunThreads {
 public:
  /// How old what the threads say of themselves may be.
  static constexpr lab::Duration kPublishInterval = std::chrono::milliseconds(500);

  /// A thread for each of `parts`, at least one; their `warn` is not used. `suite` outlives it and
  /// does not change.
  RunThreads(const Suite& suite, std::vector<RunPartSettings> parts);
  /// Cuts what still runs and waits for the threads.
  ~RunThreads();
  RunThreads(const RunThreads&) = delete;
  RunThreads& operator=(const RunThreads&) = delete;

  /// What a thread says when it has ended: whether that was by a failure or an abort, and whether
  /// it was the last one. Called on that thread.
  using OnEnd = std::function<void(bool has_failed, bool is_last)>;

  /// Starts all scenarios, counted from `start`.
  void start(lab::TimePoint start, const OnEnd& on_end);
  void cut();
  /// Before start(): what a script's setup() has returned.
  void set_setup_data(const std::optional<std::string>& json);

  // As last published, over all threads.
  [[nodiscard]] PartReport report() const;
  void add_to(Metrics& metrics) const;
  void add_to(LatencyDrift& drift) const;
  /// These they publish while somebody follows the run; nobody does: nothing before join().
  [[nodiscard]] std::vector<std::vector<ErrorTally>> errors(lab::TimePoint start) const;
  void add_to(OverTime& over_time) const;
  void add_to(Strain& strain) const;
  /// The longest of the threads' own.
  [[nodiscard]] lab::Duration recent_wait() const;
  /// What the threads had to say since the last call.
  [[nodiscard]] std::vector<std::string> take_warnings();

  /// Waits for the threads; after the last one's end only. From then on what is published is final.
  /// Rethrows an exception that ended a thread.
  void join();
  /// After join().
  void add_to(Breakdown& breakdown) const;
  [[nodiscard]] std::optional<FlowFailure> failure() const;
  [[nodiscard]] std::optional<std::string> marked_failed() const;

 private:
  struct Worker;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::mutex warnings_mutex_;
  std::vector<std::string> warnings_;
};

}  // namespace loader
