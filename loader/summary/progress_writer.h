// Shows the progress of a run on a stream: lines that refresh in place on a terminal, a plain line
// a second elsewhere.
#pragma once

#include <cstddef>
#include <iosfwd>

#include "loader/summary/progress.h"
#include "shared/base/time.h"

namespace loader {

struct ProgressStyle {
  bool is_terminal = false;
  bool is_quiet = false;  ///< Writes nothing at all.
  bool colors = false;
  int columns =
      80;  ///< Of the terminal; longer lines are cut, since wrapped ones can't be refreshed.
};

/// The caller calls update() every interval() and, before writing anything else to a terminal,
/// clear().
class ProgressWriter {
 public:
  /// `out` must outlive it.
  ProgressWriter(std::ostream& out, ProgressStyle style) : out_(&out), style_(style) {}

  /// k6's: ten times a second on a terminal, else once a second.
  [[nodiscard]] lab::Duration interval() const;
  void set_columns(int columns) { style_.columns = columns; }

  void update(const RunProgress& progress);
  /// Removes what update() left on a terminal.
  void clear();
  /// The last state, which stays; a bar each scenario elsewhere too.
  void finish(const RunProgress& progress);

 private:
  [[nodiscard]] std::vector<std::string> lines_of(const RunProgress& progress) const;

  std::ostream* out_;
  ProgressStyle style_;
  std::size_t lines_shown_ = 0;  ///< Above the cursor, to be overwritten.
};

}  // namespace loader
