// --samples FILE: a line of JSON for each request, for questions that a summary does not answer.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "loader/metrics/request_record.h"
#include "loader/metrics/tags.h"
#include "loader/outputs/line_file.h"
#include "loader/outputs/piece_pool.h"
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

/// Records with all that they refer to.
class RequestPiece {
 public:
  struct Entry {
    RequestRecord record;  ///< Without its inter-token latencies; texts are the piece's.
    const RequestTagTexts* tag_texts = nullptr;
  };

  /// False, and nothing is added, if the piece is full. `tag_texts` outlives the piece's use.
  [[nodiscard]] bool add(const RequestRecord& record, const RequestTagTexts& tag_texts);
  static constexpr std::size_t kEntriesMax = 256;
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  void clear();

 private:
  /// Of their texts; what is longer has a piece of its own.
  static constexpr std::size_t kTextBytes = 32 * 1024;

  [[nodiscard]] std::string_view kept(std::string_view text);

  std::vector<Entry> entries_;
  std::string text_;  ///< Never moved while something refers to it.
};

/// Any thread may add. A file that can't be written is given up; finish() says why.
class RequestLog {
 public:
  /// So many may wait to be written; about 400 bytes each.
  static constexpr std::size_t kRecordsMax = 50'000;
  /// So many wake the thread that writes.
  static constexpr std::size_t kRecordsAtOnce = 1024;

  RequestLog(OutputFile file, RunClock clock);

  /// `tags` is the table of the record; it outlives the log's use of it.
  void add(const RequestRecord& record, const TagTable& tags);
  /// Hands what there is to the system, so that a process that dies has not lost it; of a
  /// compressed file, to the compression.
  void flush();
  /// Writes what is left; nothing is added after it. The first Error there was.
  [[nodiscard]] lab::Result<void> finish();
  /// Once, of a file that can't be written.
  [[nodiscard]] std::optional<std::string> take_warning();
  /// What the start block shows: "samples (requests.jsonl)".
  [[nodiscard]] std::string description() const;

 private:
  [[nodiscard]] const RequestTagTexts& texts_of(TagSetId set, const TagTable& tags);
  void hand_on();
  void note(const lab::Result<void>& done);

  std::mutex mutex_;
  PiecePool<RequestPiece> pool_;
  std::shared_ptr<RequestPiece> piece_;
  /// By the set of a thread's table; null: not met yet.
  std::unordered_map<const TagTable*, std::vector<std::unique_ptr<const RequestTagTexts>>>
      tag_texts_;
  std::optional<std::string> warning_;
  bool is_given_up_ = false;
  LineFile<RequestPiece> file_;  ///< The last: its thread uses the texts.
};

}  // namespace loader
