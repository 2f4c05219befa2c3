#include "loader/outputs/file_output.h"

#include <utility>

namespace loader {
namespace {

// So many samples are formatted before the queue is looked at again.
constexpr std::size_t kSamplesAtOnce = 32'768;

}  // namespace

FileOutput::FileOutput(std::string kind, OutputFile file, std::unique_ptr<SampleFormat> format)
    : kind_(std::move(kind)),
      file_(std::move(file)),
      format_(std::move(format)),
      hand_over_({.when_full = HandOver::WhenFull::wait,
                  .samples_max = kSamplesMax,
                  .keeps_metadata = true},
                 [this] { wake(); }),
      thread_([this] { run(); }) {}

FileOutput::~FileOutput() {
  if (!thread_.joinable()) return;
  hand_over_.give_up();
  hand_over_.close();
  thread_.join();
}

std::string FileOutput::description() const { return kind_ + " (" + file_.name() + ")"; }

lab::Result<void> FileOutput::write(std::span<const Sample> samples, const TagTable& tags) {
  if (const auto so_far = result(); !so_far) return so_far;
  hand_over_.give(samples, tags);
  return {};
}

lab::Result<void> FileOutput::flush() {
  {
    const std::lock_guard lock(mutex_);
    is_to_flush_ = true;
  }
  wake();
  return result();
}

lab::Result<void> FileOutput::finish() {
  close();
  thread_.join();
  if (const auto so_far = result(); !so_far) return so_far;
  return file_.close();
}

lab::Result<void> FileOutput::result() const {
  const std::lock_guard lock(mutex_);
  if (error_) return *error_;
  return {};
}

void FileOutput::wake() {
  {
    const std::lock_guard lock(mutex_);
    has_work_ = true;
  }
  is_woken_.notify_one();
}

void FileOutput::run() {
  lines_ = format_->head();
  bool goes_on = true;
  while (goes_on) {
    {
      std::unique_lock lock(mutex_);
      is_woken_.wait(lock, [this] { return has_work_; });
      has_work_ = false;
    }
    goes_on = write_some();
  }
}

bool FileOutput::takes_flush() {
  const std::lock_guard lock(mutex_);
  return std::exchange(is_to_flush_, false);
}

bool FileOutput::write_some() {
  bool is_last = false;
  lab::Result<void> written;
  while (written && !is_last) {
    const Handed handed = hand_over_.take(kSamplesAtOnce);
    is_last = handed.is_last;
    if (handed.pieces.empty() && !is_last) break;
    written = write_lines(handed);
  }
  if (written && takes_flush()) written = file_.flush();
  if (written) return !is_last;
  {
    const std::lock_guard lock(mutex_);
    error_ = written.error();
  }
  hand_over_.give_up();
  return false;
}

lab::Result<void> FileOutput::write_lines(const Handed& handed) {
  for (const TagTexts& tags : handed.new_tags) tags_texts_.push_back(format_->tags_text(tags));
  for (std::size_t i = 0; i < handed.pieces.size(); ++i) {
    append_lines(handed.pieces[i], handed.metadata[i]);
    if (lines_.size() < kBytesAtOnce) continue;
    if (const auto written = file_.write(lines_); !written) return written;
    lines_.clear();
  }
  const auto written = file_.write(lines_);
  lines_.clear();
  return written;
}

void FileOutput::append_lines(const std::vector<HandedSample>& samples,
                              const SampleMetadata& metadata) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    format_->append(lines_, samples[i], tags_texts_[samples[i].tags], metadata[i]);
  }
}

}  // namespace loader
