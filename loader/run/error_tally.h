// Counts failed requests and streams by what went wrong, for the summary's list of errors.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "loader/metrics/metrics.h"
#include "loader/metrics/tags.h"
#include "loader/summary/summary_data.h"

namespace loader {

/// Sees the samples of one Metrics; cheap, because tag sets are small numbers.
class ErrorTallies {
 public:
  /// `gateway` is its host and port, for failures to reach it.
  explicit ErrorTallies(std::string gateway = {}) : gateway_(std::move(gateway)) {}

  /// Counts the sample if it says that a request failed, or a stream that had begun well. `tags` is
  /// the table of all samples seen.
  void observe(const Sample& sample, const TagTable& tags);
  /// What went wrong how often: a request's `error` ("EOF"; with the host, if it was not to be
  /// reached: "dial: connection refused (gateway:8080)"), else its status ("status 503"); a
  /// stream's reason ("stream: missing_done"). The most frequent first. `tags` is the table of the
  /// samples seen.
  [[nodiscard]] std::vector<ErrorTally> list(const TagTable& tags) const;

 private:
  std::string gateway_;
  std::vector<std::uint64_t> count_of_set_;  ///< By TagSetId.
};

/// Adds up the lists of several threads.
[[nodiscard]] std::vector<ErrorTally> merged(const std::vector<std::vector<ErrorTally>>& lists);

}  // namespace loader
