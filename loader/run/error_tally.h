// Counts failed requests, and answers that are none, by what went wrong, for the summary's list of
// errors.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "loader/metrics/request_record.h"
#include "loader/metrics/tags.h"
#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

/// Rows of a table of errors. Two errors are of one row if they are of one kind and text, of one
/// host, model and scenario, and the gateway says the same of them: words with a digit in them are
/// taken for numbers and ids, which differ each time.
class ErrorTallies {
 public:
  /// So many rows are kept; all further errors are one more, of kind `other`. Without a bound, a
  /// gateway that words each refusal anew would fill the memory.
  static constexpr std::size_t kRowsMax = 100;

  /// Counts the request if it failed, or is a chat whose answer is none, or no stream where one was
  /// asked for. `tags` is the table of the record.
  void add(const RequestRecord& record, const TagTable& tags);
  /// Adds a row of another table.
  void add(const ErrorTally& row);

  /// The most frequent first, the one of kind `other` last; times count from `start`.
  [[nodiscard]] std::vector<ErrorTally> list(lab::TimePoint start) const;

 private:
  [[nodiscard]] ErrorTally& row_of(const ErrorTally& error);
  void make_key(const ErrorTally& error);

  std::vector<ErrorTally> rows_;  ///< Times count from the clock's origin.
  std::unordered_map<std::string, std::size_t> known_;
  std::string key_;  ///< Memory.
};

/// Adds up the lists of several threads, or of several parts of a run, whose times count alike.
[[nodiscard]] std::vector<ErrorTally> merged(const std::vector<std::vector<ErrorTally>>& lists);

}  // namespace loader
