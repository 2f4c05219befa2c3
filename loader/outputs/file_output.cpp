#include "loader/outputs/file_output.h"

#include <optional>
#include <utility>

namespace loader {

FileOutput::FileOutput(std::string kind, OutputFile file, std::unique_ptr<SampleFormat> format)
    : kind_(std::move(kind)),
      format_(std::move(format)),
      file_(std::move(file), format_->head(),
            [this](std::string& lines, const SamplePiece& piece) { append_lines(lines, piece); },
            {.waiting_max = kSamplesMax, .wake_from = kSamplesAtOnce}) {}

std::string FileOutput::description() const { return kind_ + " (" + file_.name() + ")"; }

lab::Result<void> FileOutput::write(std::shared_ptr<const SamplePiece> piece) {
  return file_.give(std::move(piece));
}

void FileOutput::append_lines(std::string& lines, const SamplePiece& piece) {
  for (const TagTexts& tags : piece.numbers->from(tags_texts_.size())) {
    tags_texts_.push_back(format_->tags_text(tags));
  }
  std::optional<SampleMetadata::Number> metadata;
  for (const HandedSample& sample : piece.samples) {
    if (metadata != sample.metadata) {
      metadata = sample.metadata;
      end_.clear();
      format_->append_end(end_, piece.metadata[sample.metadata]);
    }
    format_->append_begin(lines, sample);
    lines.append(tags_texts_[sample.tags]).append(end_);
  }
}

}  // namespace loader
