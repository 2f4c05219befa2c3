#include "loader/outputs/sample_output.h"

#include <cassert>
#include <utility>

namespace loader {

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
    return true;
  });
}

void Outputs::write(std::span<const Sample> samples, const TagTable& tags) {
  for_each([&](SampleOutput& output) { return output.write(samples, tags); });
}

void Outputs::flush() {
  for_each([](SampleOutput& output) { return output.flush(); });
}

void Outputs::finish() {
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& output : outputs_) output->close();
  }
  for_each([](SampleOutput& output) { return output.finish(); });
}

std::vector<lab::Error> Outputs::take_errors() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(errors_, {});
}

std::vector<std::string> Outputs::take_warnings() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> warnings;
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

void SampleBuffer::add(const Sample& sample, const TagTable& tags) {
  assert(tags_ == nullptr || tags_ == &tags);
  tags_ = &tags;
  samples_.push_back(sample);
  metadata_.add(sample.metadata);
  if (samples_.size() == kSamplesMax) flush();
}

void SampleBuffer::flush() {
  if (samples_.empty()) return;
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    samples_[i].metadata = metadata_[i];
  }
  const lab::TimePoint before = now_();
  outputs_->write(samples_, *tags_);
  held_ += now_() - before;
  samples_.clear();
  metadata_.clear();
}

}  // namespace loader
