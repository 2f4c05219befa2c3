// What happened when, as plain values: the whole run in windows of equal length, few enough for a
// picture, each with distributions that can be put together again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "loader/metrics/sketch.h"
#include "shared/base/fields.h"
#include "shared/base/time.h"

namespace loader {

/// Requests that ended within a window. A request has failed if its answer is not what was asked
/// for: a transport error, an unexpected status, or a chat whose answer or stream is broken.
struct RequestWindow {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  /// How many of the failed are of each kind of OverTime::failure_kinds; may be shorter.
  std::vector<std::uint64_t> failures{};
  /// The X-Request-ID of the first failure of each kind; empty: it had none; may be shorter.
  std::vector<std::string> examples{};
  /// The X-Request-ID of the success that took the longest; empty: it had none.
  std::string slowest{};
  std::uint64_t tokens_in = 0;   ///< As far as the gateway has told.
  std::uint64_t tokens_out = 0;  ///< Of successes.
  // Milliseconds.
  Sketch succeeded{};            ///< http_req_duration of successes.
  Sketch failed_after{};         ///< The same of failures.
  Sketch time_to_first_token{};  ///< Of streams, whatever became of them.
  Sketch inter_token{};

  void merge(const RequestWindow& other);
};

/// The requests of one phase of a scenario for one model.
struct RequestSeries {
  std::string scenario{};  ///< Empty: of none (teardown), or samples have no such tag.
  std::string phase{};     ///< Of a scenario with stages; empty: it has no phases.
  std::string model{};     ///< Empty: requests that are no chats.
  Sketch tokens_in{};      ///< A request's.
  Sketch tokens_out{};
  lab::Duration began{};                 ///< When the first of them was sent, and
  lab::Duration ended{};                 ///< when the last one ended; windows are less exact.
  std::size_t first = 0;                 ///< The number of the first of
  std::vector<RequestWindow> windows{};  ///< those with requests, and those between them.

  /// Null where there were no requests.
  [[nodiscard]] const RequestWindow* find(std::size_t window) const;
  /// Makes room for it.
  [[nodiscard]] RequestWindow& at(std::size_t window);
  /// The number of the window after the last.
  [[nodiscard]] std::size_t end() const { return windows.empty() ? 0 : first + windows.size(); }
  [[nodiscard]] RequestWindow total() const;
};

/// The virtual users of a window, and what came of their iterations.
struct UserWindow {
  double active_vus = 0;         ///< On average; k6's `vus`.
  double vus = 0;                ///< That stand by or run.
  std::uint64_t iterations = 0;  ///< That came to their end.
  std::uint64_t dropped = 0;     ///< That were due and not started.
};

/// A stretch of the run.
struct TimeSpan {
  lab::Duration from{};
  lab::Duration to{};
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// A stretch in which a scenario, or a phase of it, was to have load.
struct PlannedLoad {
  std::string scenario{};
  std::string phase{};  ///< Empty: the scenario has no phases.
  TimeSpan span{};
  friend bool operator==(const PlannedLoad&, const PlannedLoad&) = default;
};

/// When a threshold, judged over the run so far, did not hold.
struct ThresholdBreach {
  std::string metric{};
  std::string threshold{};
  std::vector<TimeSpan> spans{};
};

/// Times count from the start of the scenarios: what setup has sent is not there.
struct OverTime {
  lab::Duration window{};  ///< Whole seconds, a power of two of them.
  std::vector<std::string> failure_kinds{};
  std::vector<RequestSeries> series{};
  std::vector<UserWindow> users{};
  std::vector<ThresholdBreach> breaches{};
  std::vector<PlannedLoad> loads{};

  /// How many windows there are.
  [[nodiscard]] std::size_t windows() const;
  /// The series added up: all, or those that `is_asked`.
  [[nodiscard]] RequestSeries sum() const;
  [[nodiscard]] RequestSeries sum(const std::function<bool(const RequestSeries&)>& is_asked) const;
  /// Makes windows longer, whole numbers of them one; `window` is at least today's.
  void widen_to(lab::Duration window);
  /// Adds another part of the same run.
  void merge(const OverTime& other);
};

void fields(lab::Fields& f, OverTime& c);
void check(const lab::JsonValue& value, OverTime& c);

}  // namespace loader
