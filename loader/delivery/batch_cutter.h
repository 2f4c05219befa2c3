// Cuts the stream of samples into batches at regular times: of the clock, or, in virtual time, of
// the samples themselves.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "loader/delivery/batch.h"
#include "loader/outputs/sample_output.h"

namespace loader {

class BatchCutter {
 public:
  enum class Clock : std::uint8_t {
    real,          ///< tick() is called with the time.
    virtual_time,  ///< The time is that of the latest sample; so the same run gives the same
                   ///< bodies.
  };

  /// `interval` is above zero, or the largest duration: then only what is full is cut. It is
  /// counted from the start of `run` on.
  BatchCutter(std::unique_ptr<BatchEncoder> encoder, lab::Duration interval, Clock clock,
              RunClock run);

  /// What has become full, or, in virtual time, due by these samples.
  [[nodiscard]] std::vector<Batch> take(const SamplePiece& piece);
  /// When tick() is to be called; never in virtual time.
  [[nodiscard]] lab::TimePoint due() const;
  [[nodiscard]] std::vector<Batch> tick(lab::TimePoint now);
  /// What is left.
  [[nodiscard]] std::vector<Batch> finish(lab::TimePoint now);
  /// As the encoder does it.
  [[nodiscard]] std::vector<Batch> split(const Batch& batch) { return encoder_->split(batch); }
  /// A body that has been sent, for its memory.
  void reuse(std::string body) { encoder_->reuse(std::move(body)); }

 private:
  /// The samples of `piece` from its start on that come before the next cut.
  [[nodiscard]] std::size_t before_cut(std::span<const HandedSample> piece) const;

  std::unique_ptr<BatchEncoder> encoder_;
  std::size_t tags_known_ = 0;  ///< To the encoder.
  lab::Duration interval_;
  Clock clock_;
  RunClock run_;
  lab::TimePoint due_;
  lab::TimePoint latest_;  ///< Of the samples.
};

}  // namespace loader
