// --samples FILE: a line of JSON for each request, for questions that a summary does not answer.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "loader/metrics/request_record.h"
#include "loader/metrics/tags.h"
#include "loader/outputs/output_file.h"
#include "loader/outputs/sample_output.h"
#include "shared/base/error.h"

namespace loader {

/// The line of a request, with its newline. Times of day are RFC 3339; durations, and `start` and
/// `intended_start` beside them, are milliseconds since the run's start.
[[nodiscard]] std::string request_line(const RequestRecord& record, const TagTable& tags,
                                       RunClock clock);

/// Any thread may add. A file that can't be written is given up; finish() says why.
class RequestLog {
 public:
  RequestLog(OutputFile file, RunClock clock) : file_(std::move(file)), clock_(clock) {}

  /// `tags` is the table of the record.
  void add(const RequestRecord& record, const TagTable& tags);
  /// Writes what is left; nothing is added after it. The first Error there was.
  [[nodiscard]] lab::Result<void> finish();
  /// What the start block shows: "samples (requests.jsonl)".
  [[nodiscard]] std::string description() const;

 private:
  /// Lines are written in pieces of about this size.
  static constexpr std::size_t kBytesKept = 64 * 1024;

  void write();

  std::mutex mutex_;
  OutputFile file_;
  RunClock clock_;
  std::string lines_;
  std::optional<lab::Error> error_;
};

}  // namespace loader
