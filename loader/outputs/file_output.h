// An output that is a file of lines, one a sample.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loader/outputs/line_file.h"
#include "loader/outputs/sample_output.h"

namespace loader {

/// The lines of a file. Virtual because outputs are chosen by the user at run time. Used by one
/// thread.
class SampleFormat {
 public:
  virtual ~SampleFormat() = default;
  /// What stands before the first sample, be there any or not.
  [[nodiscard]] virtual std::string head() { return {}; }
  /// What is the same in all lines of samples with these tags.
  [[nodiscard]] virtual std::string tags_text(const TagTexts& tags) const = 0;
  /// Appends what follows the tags, up to the line's end: the same for all samples of a request.
  virtual void append_end(std::string& out, std::string_view metadata) const = 0;
  /// Appends a sample's line up to its tags.
  virtual void append_begin(std::string& out, const HandedSample& sample) = 0;
};

class FileOutput final : public SampleOutput {
 public:
  /// So many may wait to be written; 24 bytes each, and their request ids.
  static constexpr std::size_t kSamplesMax = 500'000;
  /// So many wake the thread: to wake it costs more than to write a few lines.
  static constexpr std::size_t kSamplesAtOnce = 2048;

  /// `kind` is for the description.
  FileOutput(std::string kind, OutputFile file, std::unique_ptr<SampleFormat> format);

  [[nodiscard]] std::string description() const override;
  lab::Result<void> write(std::shared_ptr<const SamplePiece> piece) override;
  lab::Result<void> flush() override { return file_.flush(); }
  void close() override { file_.close(); }
  lab::Result<void> finish() override { return file_.finish(); }

 private:
  void append_lines(std::string& lines, const SamplePiece& piece);

  const std::string kind_;
  // Of the file's thread alone.
  const std::unique_ptr<SampleFormat> format_;
  std::vector<std::string> tags_texts_;  ///< By the numbers of sets of tags.
  std::string end_;                      ///< Of the last request's lines.
  LineFile<SamplePiece> file_;           ///< The last: its thread uses the others.
};

}  // namespace loader
