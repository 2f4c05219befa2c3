// --out csv=FILE[.gz]: k6's table, a row a sample.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/outputs/file_output.h"

namespace loader {

enum class CsvTimeFormat { unix, unix_milli, unix_micro, unix_nano, rfc3339, rfc3339_nano };

/// What stands behind "csv=": a file name, or "fileName=f,timeFormat=unix".
struct CsvArgument {
  std::string file_name = "file.csv";  ///< k6's, if none is said.
  CsvTimeFormat time_format = CsvTimeFormat::unix;
};
/// saveInterval is read and has no effect: rows are written every kFlushInterval.
[[nodiscard]] lab::Result<CsvArgument> parse_csv_argument(std::string_view text);

class CsvFormat final : public SampleFormat {
 public:
  /// `registry` must outlive it. The tags of `columns` have a column each: k6's are the system tags
  /// that are on, by name.
  CsvFormat(const MetricRegistry& registry, RunClock clock, CsvTimeFormat time_format,
            std::vector<std::string> columns);

  /// A run without samples leaves a table all the same.
  [[nodiscard]] std::string head() override;
  [[nodiscard]] std::string tags_text(const TagTexts& tags) const override;
  void append_end(std::string& out, std::string_view metadata) const override;
  void append_begin(std::string& out, const HandedSample& sample) override;

 private:
  const MetricRegistry* registry_;
  RunClock clock_;
  CsvTimeFormat time_format_;
  std::vector<std::string> columns_;
  // The samples of a request come one after the other at one time.
  std::optional<lab::TimePoint> last_at_;
  std::string time_;  ///< Of last_at_.
};

}  // namespace loader
