#include "loader/delivery/batch_cutter.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace loader {
namespace {

void append(std::vector<Batch>& batches, std::vector<Batch> more) {
  batches.insert(batches.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
}

}  // namespace

BatchCutter::BatchCutter(std::unique_ptr<BatchEncoder> encoder, lab::Duration interval, Clock clock,
                         RunClock run)
    : encoder_(std::move(encoder)),
      interval_(interval),
      clock_(clock),
      run_(run),
      due_(lab::later(run.start, interval)),
      latest_(run.start) {
  assert(interval > lab::Duration::zero());
}

std::size_t BatchCutter::before_cut(std::span<const HandedSample> piece) const {
  if (clock_ == Clock::real) return piece.size();
  const auto after = std::find_if(piece.begin(), piece.end(),
                                  [&](const HandedSample& sample) { return sample.at >= due_; });
  return static_cast<std::size_t>(after - piece.begin());
}

std::vector<Batch> BatchCutter::take(const SamplePiece& piece) {
  for (const TagTexts& tags : piece.numbers->from(tags_known_)) {
    encoder_->add_tags(tags);
    ++tags_known_;
  }
  std::vector<Batch> batches;
  std::span<const HandedSample> rest(piece.samples);
  while (!rest.empty()) {
    const std::span<const HandedSample> part = rest.first(before_cut(rest));
    rest = rest.subspan(part.size());
    encoder_->add(part, piece.thread);
    for (const HandedSample& sample : part) latest_ = std::max(latest_, sample.at);
    append(batches, encoder_->take_full());
    if (rest.empty()) break;
    append(batches, encoder_->cut(run_.wall(due_)));
    // What nobody has measured in needs no cut.
    due_ += interval_ * ((rest.front().at - due_) / interval_ + 1);
  }
  return batches;
}

lab::TimePoint BatchCutter::due() const { return clock_ == Clock::real ? due_ : lab::kNoDeadline; }

std::vector<Batch> BatchCutter::tick(lab::TimePoint now) {
  if (clock_ != Clock::real || now < due_) return {};
  due_ += interval_ * ((now - due_) / interval_ + 1);
  return encoder_->cut(run_.wall(now));
}

std::vector<Batch> BatchCutter::finish(lab::TimePoint now) {
  return encoder_->finish(run_.wall(clock_ == Clock::real ? now : latest_));
}

}  // namespace loader
