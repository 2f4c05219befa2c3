// What a run has to say against its own figures, as plain values, and as the text shows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/time.h"

namespace loader {

/// How late something was, in milliseconds.
struct LatenessFigures {
  std::uint64_t samples = 0;
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
  double max = 0;
};

/// What the loader saw of itself, whether or not it is a reason to doubt.
struct SelfFigures {
  LatenessFigures reads{};    ///< What came at any moment waited so long until it was read.
  LatenessFigures timers{};   ///< Sleeps and starts of iterations ended so late.
  LatenessFigures starts{};   ///< Iterations of arrival rates started so late.
  double busiest_thread = 0;  ///< Its CPU time over the time that it was watched, 0..1.
  double ready_share = 0;     ///< The same of the time that a thread waited for a CPU: the worst.
  double cpus = 0;            ///< That the process has used, on average.
  std::optional<double> machine_idle{};      ///< 0..1 of all its CPUs. None: unknown.
  std::optional<double> machine_stolen{};    ///< The same of what the hypervisor gave to others.
  std::optional<lab::Duration> throttled{};  ///< By the control group's quota. None: unknown.
  lab::Duration held_by_outputs{};           ///< The load's threads, all together.
  std::uint64_t late_drops = 0;  ///< Iterations dropped in seconds in which the loader was late.
};

struct DoubtFinding {
  std::string kind{};                  ///< A word for programs: "late", "starts", "busy", …
  std::string text{};                  ///< What happened, by how much.
  std::vector<std::string> details{};  ///< Why, and what is not to be trusted by how much.
};

/// A threshold whose verdict could be the other one, had the loader not been in its own way.
struct DoubtfulVerdict {
  std::string metric{};
  std::string source{};
  double observed = 0;
  double low = 0;  ///< What the value may have been instead. Not finite: there is no bound.
  double high = 0;
  std::string text{};  ///< All of it in words.
};

struct SelfDoubt {
  SelfFigures figures{};
  std::vector<DoubtFinding> findings{};  ///< Empty: the loader was not in its own way.
  std::vector<DoubtfulVerdict> verdicts{};
};

/// An output that lost samples was a bottleneck, too, though no threshold hangs on it.
[[nodiscard]] DoubtFinding dropped_samples_finding(const std::string& output, std::uint64_t dropped,
                                                   std::uint64_t taken);

/// Lines of a summary, without indentation; empty without a finding.
[[nodiscard]] std::vector<std::string> doubt_lines(const SelfDoubt& doubt);

}  // namespace loader
