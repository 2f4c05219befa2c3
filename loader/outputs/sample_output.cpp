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
  for_each([](SampleOutput& output) { return output.finish(); });
}

std::vector<lab::Error> Outputs::take_errors() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(errors_, {});
}

void SampleBuffer::add(const Sample& sample, const TagTable& tags) {
  assert(tags_ == nullptr || tags_ == &tags);
  tags_ = &tags;
  samples_.push_back(sample);
  if (samples_.size() == kSamplesMax) flush();
}

void SampleBuffer::flush() {
  if (samples_.empty()) return;
  outputs_->write(samples_, *tags_);
  samples_.clear();
}

}  // namespace loader
