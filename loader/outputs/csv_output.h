// --out csv=FILE[.gz]: k6's table, a row a sample.
#pragma once

#include <string>
#include <string_view>

#include "loader/outputs/output_file.h"
#include "loader/outputs/sample_output.h"

namespace loader {

enum class CsvTimeFormat { unix, unix_milli, unix_micro, unix_nano, rfc3339, rfc3339_nano };

/// What stands behind "csv=": a file name, or "fileName=f,timeFormat=unix".
struct CsvArgument {
  std::string file_name;
  CsvTimeFormat time_format = CsvTimeFormat::unix;
};
/// saveInterval is read and has no effect: rows are written every kFlushInterval.
[[nodiscard]] lab::Result<CsvArgument> parse_csv_argument(std::string_view text);

class CsvOutput final : public SampleOutput {
 public:
  /// `registry` must outlive it.
  CsvOutput(OutputFile file, const MetricRegistry& registry, RunClock clock,
            CsvTimeFormat time_format);

  [[nodiscard]] std::string description() const override;
  lab::Result<void> write(std::span<const Sample> samples, const TagTable& tags) override;
  lab::Result<void> flush() override { return file_.flush(); }
  lab::Result<void> finish() override;

 private:
  OutputFile file_;
  const MetricRegistry* registry_;
  RunClock clock_;
  CsvTimeFormat time_format_;
  bool has_header_ = false;
};

}  // namespace loader
