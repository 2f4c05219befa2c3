#include "loader/summary/run_ending.h"

#include <algorithm>
#include <cstdint>

#include "loader/summary/summary_format.h"
#include "loader/summary/time_axis.h"

namespace loader {
namespace {

// In windows. What is shorter is a pause like others.
constexpr std::size_t kSilenceLeast = 2;
constexpr std::size_t kTimesLongestPause = 2;

std::string interrupted_text(const SummaryData& data) {
  const std::uint64_t interrupted = data.iterations->interrupted;
  // An error may have cut the run short.
  const std::string when =
      data.facts.run_errors.empty() ? "when the time was up." : "when the run ended.";
  return interrupted == 1 ? "1 iteration was interrupted: it had not ended " + when
                          : std::to_string(interrupted) +
                                " iterations were interrupted: they had not ended " + when;
}

// The windows at the end in which no request ended, if they are more than a pause; 0: there are
// none.
std::size_t silent_windows(const RequestSeries& requests, std::size_t windows) {
  std::size_t pause = 0;
  std::size_t longest_pause = 0;
  for (std::size_t i = 0; i < windows; ++i) {
    const RequestWindow* const window = requests.find(i);
    if (window == nullptr || window->requests == 0) {
      ++pause;
      continue;
    }
    longest_pause = std::max(longest_pause, pause);
    pause = 0;
  }
  return pause >= kSilenceLeast && pause > kTimesLongestPause * longest_pause ? pause : 0;
}

bool has_load(const OverTime& over_time, std::size_t from) {
  const auto& users = over_time.users;
  return from < users.size() && std::any_of(
                                    users.begin() + static_cast<std::ptrdiff_t>(from), users.end(),
                                    [](const UserWindow& window) { return window.active_vus > 0; });
}

std::string silence_text(const SummaryData& data) {
  if (!data.over_time) return {};
  const OverTime& over_time = *data.over_time;
  const std::size_t windows = over_time.windows();
  const std::size_t silent = silent_windows(over_time.sum(), windows);
  const std::size_t from = windows - silent;
  if (silent == 0 || !has_load(over_time, from)) return {};
  if (from == 0) {
    return "No request ended in " + format_milliseconds(lab::to_milliseconds(data.duration), "") +
           ".";
  }
  const auto at = [&](std::size_t window) {
    return std::min(over_time.window * static_cast<std::int64_t>(window), data.duration);
  };
  return "No request ended from " + clock_span(at(from), at(windows)) + ".";
}

}  // namespace

std::string outcome_text(const RunFacts& run) {
  if (!run.has_failed()) return run.exit_code ? "passed" : "no threshold failed";
  return run.run_errors.empty() ? "failed" : "ended with an error";
}

std::string took_text(const SummaryData& data) {
  const std::string took = "took " + format_milliseconds(lab::to_milliseconds(data.duration), "");
  if (!data.facts.exit_code) return took;
  return took + ", exit code " + std::to_string(*data.facts.exit_code);
}

std::vector<std::string> ending_sentences(const SummaryData& data) {
  if (!data.iterations || data.iterations->interrupted == 0) return {};
  std::vector<std::string> sentences{interrupted_text(data)};
  if (std::string silence = silence_text(data); !silence.empty()) {
    sentences.push_back(std::move(silence));
  }
  return sentences;
}

}  // namespace loader
