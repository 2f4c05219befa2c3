// --samples FILE: a line of JSON for each request, for questions that a summary does not answer.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "loader/metrics/request_record.h"
#include "loader/metrics/tags.h"
#include "loader/outputs/output_file.h"
#include "loader/outputs/sample_output.h"
#include "shared/base/error.h"

namespace loader {

/// What is the same in the lines of all requests with the same tags.
struct RequestTagTexts {
  std::string members;  ///< `"scenario":"a","phase":null,`: those of interest.
  std::string object;   ///< All of them: `{"scenario":"a"}`.
};
[[nodiscard]] RequestTagTexts request_tag_texts(const TagTable& tags, TagSetId set);

/// Appends the line of a request, with its newline. Times of day are RFC 3339; durations, and
/// `start_ms` and `intended_start_ms` beside them, are milliseconds since the run's start. What
/// there is not is null.
void append_request_line(std::string& out, const RequestRecord& record,
                         const RequestTagTexts& tag_texts, RunClock clock);

/// Any thread may add. A file that can't be written is given up; finish() says why.
class RequestLog {
 public:
  RequestLog(OutputFile file, RunClock clock) : file_(std::move(file)), clock_(clock) {}

  /// `tags` is the table of the record; it outlives the log's use of it.
  void add(const RequestRecord& record, const TagTable& tags);
  /// Hands what there is to the system, so that a process that dies has not lost it; of a
  /// compressed file, to the compression.
  void flush();
  /// Writes what is left; nothing is added after it. The first Error there was.
  [[nodiscard]] lab::Result<void> finish();
  /// What the start block shows: "samples (requests.jsonl)".
  [[nodiscard]] std::string description() const;

 private:
  /// Lines are written in pieces of about this size.
  static constexpr std::size_t kBytesKept = 64 * 1024;

  [[nodiscard]] const RequestTagTexts& texts_of(TagSetId set, const TagTable& tags);
  void write();

  std::mutex mutex_;
  OutputFile file_;
  RunClock clock_;
  std::string lines_;
  /// By the set of a thread's table; none: not met yet.
  std::unordered_map<const TagTable*, std::vector<std::optional<RequestTagTexts>>> tag_texts_;
  std::optional<lab::Error> error_;
};

}  // namespace loader
