// An output that is a file: a thread of its own formats and writes what the load's threads hand
// over, and each sample is written.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "loader/outputs/handed_samples.h"
#include "loader/outputs/output_file.h"
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
  /// Appends a sample's line; `tags_text` is of its tags, `metadata` is the sample's
  /// that had one.
  virtual void append(std::string& out, const HandedSample& sample, const std::string& tags_text,
                      std::string_view metadata) = 0;
};

/// A disk that is slower than the load slows the load in the end: a sample that is lost would be
/// worse. Until kSamplesMax wait, it does not.
class FileOutput final : public SampleOutput {
 public:
  /// So many may wait to be written; 24 bytes each, and their request ids.
  static constexpr std::size_t kSamplesMax = 500'000;

  /// Starts the thread. `kind` is for the description.
  FileOutput(std::string kind, OutputFile file, std::unique_ptr<SampleFormat> format);
  /// Without finish(), what is not written is lost.
  ~FileOutput() override;

  [[nodiscard]] std::string description() const override;
  /// The Error of a write or a flush is the next call's.
  lab::Result<void> write(std::span<const Sample> samples, const TagTable& tags) override;
  lab::Result<void> flush() override;
  void close() override { hand_over_.close(); }
  lab::Result<void> finish() override;

 private:
  /// Lines are written in pieces of about this size.
  static constexpr std::size_t kBytesAtOnce = 256 * 1024;

  void run();
  /// False: all is written, or nothing can be.
  [[nodiscard]] bool write_some();
  [[nodiscard]] lab::Result<void> write_lines(const Handed& handed);
  void append_lines(const std::vector<HandedSample>& samples, const SampleMetadata& metadata);
  void wake();
  /// True if somebody has asked for a flush since the last time.
  [[nodiscard]] bool takes_flush();
  [[nodiscard]] lab::Result<void> result() const;

  const std::string kind_;
  OutputFile file_;
  const std::unique_ptr<SampleFormat> format_;
  HandOver hand_over_;
  // Of the thread alone.
  std::vector<std::string> tags_texts_;  ///< By the numbers of sets of tags.
  std::string lines_;

  mutable std::mutex mutex_;
  std::condition_variable is_woken_;
  bool has_work_ = false;
  bool is_to_flush_ = false;
  std::optional<lab::Error> error_;
  std::thread thread_;  ///< The last member: it uses all others.
};

}  // namespace loader
