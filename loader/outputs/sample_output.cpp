#include "loader/outputs/sample_output.h"

#include <utility>

namespace loader {

std::string given_up(const lab::Error& error) {
  return error.to_string() + "; nothing more is written there";
}

void Outputs::add(std::unique_ptr<SampleOutput> output) {
  const std::scoped_lock lock(mutex_);
  outputs_.push_back(std::move(output));
}

std::vector<std::string> Outputs::descriptions() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> texts;
  for (const auto& output : outputs_) texts.push_back(output->description());
  return texts;
}

template <class Act>
void Outputs::for_each(Act act) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(outputs_, [&](const std::unique_ptr<SampleOutput>& output) {
    lab::Result<void> done = act(*output);
    if (done) return false;
    errors_.push_back(std::move(done).error());
    warnings_.push_back(given_up(errors_.back()));
    return true;
  });
}

void Outputs::write(const std::shared_ptr<const SamplePiece>& piece) {
  for_each([&](SampleOutput& output) { return output.write(piece); });
}

void Outputs::flush() {
  for_each([](SampleOutput& output) { return output.flush(); });
}

void Outputs::finish(const std::function<void(std::string)>& tell) {
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& output : outputs_) output->close();
  }
  for_each([&](SampleOutput& output) {
    if (!output.ends_within(kUntoldFinish)) {
      tell("still sending what was measured to " + output.description() +
           "; an interruption now ends it without a summary");
    }
    return output.finish();
  });
  // What fails now is told as an error at once.
  const std::scoped_lock lock(mutex_);
  warnings_.clear();
}

std::vector<lab::Error> Outputs::take_errors() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(errors_, {});
}

std::vector<std::string> Outputs::take_warnings() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> warnings = std::exchange(warnings_, {});
  for (const auto& output : outputs_) {
    for (std::string& warning : output->take_warnings()) warnings.push_back(std::move(warning));
  }
  return warnings;
}

std::vector<OutputTotals> Outputs::totals() const {
  const std::scoped_lock lock(mutex_);
  std::vector<OutputTotals> all;
  for (const auto& output : outputs_) {
    if (auto totals = output->totals()) all.push_back(*std::move(totals));
  }
  return all;
}

void SampleBuffer::begin_piece() {
  piece_ = outputs_->pieces().take();
  piece_->thread = thread_;
  piece_->samples.resize(kSamplesMax);
  next_ = piece_->samples.data();
  end_ = next_ + kSamplesMax;
  metadata_number_ = 0;
  metadata_ = 0;
}

void SampleBuffer::take_tags(TagSetId set, const TagTable& tags) {
  tags_ = &tags;
  if (set.index >= numbers_.size()) numbers_.resize(tags.size(), kUnknown);
  numbers_[set.index] = outputs_->pieces().numbers().number_of(set, tags);
}

void SampleBuffer::take_metadata(const Sample& sample) {
  metadata_ = piece_->metadata.add(sample.metadata);
  metadata_number_ = sample.metadata_number;
}

void SampleBuffer::flush() {
  const auto count = static_cast<std::size_t>(next_ - piece_->samples.data());
  if (count == 0) return;
  piece_->samples.resize(count);
  // A small one goes without the rest of the room: many of them may have to wait.
  const bool is_small = count < kSamplesMax / 4;
  const lab::TimePoint before = now_();
  outputs_->write(is_small ? std::make_shared<SamplePiece>(*piece_) : std::move(piece_));
  held_ += now_() - before;
  begin_piece();
}

}  // namespace loader
