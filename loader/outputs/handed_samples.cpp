#include "loader/outputs/handed_samples.h"

namespace loader {

std::uint32_t HandOver::number_of(TagSetId set, const TagTable& tags, Numbers& numbers) {
  if (set.index >= numbers.size()) numbers.resize(tags.size(), kUnknown);
  std::uint32_t& number = numbers[set.index];
  if (number != kUnknown) return number;
  TagTexts texts;
  for (const auto& [key, value] : tags.tags(set)) texts.emplace_back(key, value);
  const auto next = static_cast<std::uint32_t>(known_.size());
  const auto [found, is_new] = known_.try_emplace(std::move(texts), next);
  if (is_new) new_tags_.push_back(found->first);
  number = found->second;
  return number;
}

// One piece always fits, or a piece larger than the queue would never go.
bool HandOver::has_room(std::size_t samples) const {
  return waiting_ == 0 || waiting_ + samples <= settings_.samples_max;
}

void HandOver::add_piece(std::span<const Sample> samples, const TagTable& tags) {
  Numbers& numbers = numbers_[&tags];
  Piece& piece = pieces_.emplace_back();
  if (!spare_.empty()) {
    piece.samples = std::move(spare_.back());
    spare_.pop_back();
  }
  piece.samples.reserve(samples.size());
  for (const Sample& sample : samples) {
    piece.samples.push_back(
        {sample.metric, number_of(sample.tags, tags, numbers), sample.value, sample.at});
    if (settings_.keeps_metadata) piece.metadata.add(sample.metadata);
  }
}

void HandOver::give(std::span<const Sample> samples, const TagTable& tags) {
  bool is_to_wake = false;
  {
    std::unique_lock lock(mutex_);
    taken_ += samples.size();
    if (settings_.when_full == WhenFull::wait) {
      has_room_.wait(lock, [&] { return is_given_up_ || has_room(samples.size()); });
    }
    if (is_given_up_ || is_closed_ || !has_room(samples.size())) {
      dropped_ += samples.size();
      return;
    }
    add_piece(samples, tags);
    const bool was_few = waiting_ < kWakeSamples;
    waiting_ += samples.size();
    // In virtual time there is no timer that would look.
    is_to_wake = settings_.when_full == WhenFull::wait || (was_few && waiting_ >= kWakeSamples);
  }
  if (is_to_wake) wake_();
}

Handed HandOver::take(std::size_t samples_max) {
  Handed handed;
  {
    const std::lock_guard lock(mutex_);
    std::size_t samples = 0;
    while (!pieces_.empty() &&
           (samples == 0 || samples + pieces_.front().samples.size() <= samples_max)) {
      samples += pieces_.front().samples.size();
      handed.pieces.push_back(std::move(pieces_.front().samples));
      handed.metadata.push_back(std::move(pieces_.front().metadata));
      pieces_.pop_front();
    }
    waiting_ -= samples;
    handed.new_tags.swap(new_tags_);
    handed.is_last = is_closed_ && pieces_.empty();
  }
  has_room_.notify_all();
  return handed;
}

void HandOver::give_back(Handed handed) {
  const std::lock_guard lock(mutex_);
  for (std::vector<HandedSample>& piece : handed.pieces) {
    if (spare_.size() == kPiecesKept) break;
    piece.clear();
    spare_.push_back(std::move(piece));
  }
}

std::size_t HandOver::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void HandOver::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  wake_();
}

bool HandOver::is_closed() const {
  const std::lock_guard lock(mutex_);
  return is_closed_;
}

void HandOver::give_up() {
  {
    const std::lock_guard lock(mutex_);
    is_given_up_ = true;
    dropped_ += waiting_;
    waiting_ = 0;
    pieces_.clear();
  }
  has_room_.notify_all();
}

std::uint64_t HandOver::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

std::uint64_t HandOver::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace loader
