// Where samples go besides the summary: one interface, and the buffer between a thread's measuring
// and the writing.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loader/metrics/metrics.h"
#include "loader/outputs/piece_pool.h"
#include "loader/outputs/sample_piece.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// Turns instants of the run into times of day.
struct RunClock {
  lab::TimePoint start;
  lab::WallTime wall_start;
  [[nodiscard]] lab::WallTime wall(lab::TimePoint at) const { return wall_start + (at - start); }
};

/// What became of the samples that an output was given; at its end sent + dropped == taken.
struct OutputTotals {
  std::string name{};
  std::uint64_t taken = 0;
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0;
};

/// A format and a place. Virtual because outputs are chosen by the user at run time. Not
/// synchronised: Outputs is.
class SampleOutput {
 public:
  virtual ~SampleOutput() = default;
  /// What the start block shows: "json (samples.json)".
  [[nodiscard]] virtual std::string description() const = 0;
  /// Of any number of samples. After an Error it is not called again.
  virtual lab::Result<void> write(std::shared_ptr<const SamplePiece> piece) = 0;
  /// Makes what was written visible to readers; called every kFlushInterval.
  virtual lab::Result<void> flush() = 0;
  /// No more samples come; called for all outputs before the first finish(), so that those that
  /// take their time take it together.
  virtual void close() {}
  /// After close(): whether what is left was written within `patience`; of outputs that may take
  /// long.
  [[nodiscard]] virtual bool ends_within(lab::Duration /*patience*/) { return true; }
  /// Writes what is left; only what follows is called after it.
  virtual lab::Result<void> finish() = 0;
  /// After finish(), of outputs that may lose samples without being given up.
  [[nodiscard]] virtual std::optional<OutputTotals> totals() const { return std::nullopt; }
  /// What the user should know, since the last call.
  [[nodiscard]] virtual std::vector<std::string> take_warnings() { return {}; }
};

/// What the user is told of a file that can't be written, while the run goes on.
[[nodiscard]] std::string given_up(const lab::Error& error);

/// How often buffered samples are written out, as in k6.
inline constexpr lab::Duration kFlushInterval = std::chrono::milliseconds(200);

/// How long the outputs may take to finish before the user is told what the end waits for.
inline constexpr lab::Duration kUntoldFinish = std::chrono::seconds(2);

/// What pieces of all threads have in common.
class SamplePieces {
 public:
  /// An empty one.
  [[nodiscard]] std::shared_ptr<SamplePiece> take() {
    std::shared_ptr<SamplePiece> piece = pool_.take();
    piece->numbers = numbers_;
    return piece;
  }
  [[nodiscard]] TagNumbers& numbers() { return *numbers_; }
  /// The number of a thread that begins to measure, from 0 on.
  [[nodiscard]] std::size_t next_thread() { return threads_++; }

 private:
  std::atomic<std::size_t> threads_ = 0;
  /// 12 MB if each is a SampleBuffer's.
  PiecePool<SamplePiece> pool_{512};
  std::shared_ptr<TagNumbers> numbers_ = std::make_shared<TagNumbers>();
};

/// All outputs of a run; any thread may write. An output that fails (a full disk) is given up, and
/// its Error is kept, once.
class Outputs {
 public:
  void add(std::unique_ptr<SampleOutput> output);
  [[nodiscard]] bool empty() const { return outputs_.empty(); }
  [[nodiscard]] std::vector<std::string> descriptions() const;

  /// All are given the same piece.
  void write(const std::shared_ptr<const SamplePiece>& piece);
  void flush();
  /// Says by `tell` which of them the end waits for, if it takes long.
  void finish(const std::function<void(std::string)>& tell);
  /// The Errors since the last call.
  [[nodiscard]] std::vector<lab::Error> take_errors();
  /// The warnings since the last call; also of what was given up.
  [[nodiscard]] std::vector<std::string> take_warnings();
  /// After finish(), of the outputs that have any.
  [[nodiscard]] std::vector<OutputTotals> totals() const;
  [[nodiscard]] SamplePieces& pieces() { return pieces_; }

 private:
  /// Calls `act` on every output that works, and gives up those that fail.
  template <class Act>
  void for_each(Act act);

  SamplePieces pieces_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<SampleOutput>> outputs_;
  std::vector<lab::Error> errors_;
  std::vector<std::string> warnings_;
};

/// A thread's samples on their way to the outputs, at most kSamplesMax of them. Observes a Metrics:
/// `metrics.observe([&](const Sample& s, const TagTable& t) { buffer.add(s, t); })`.
class SampleBuffer {
 public:
  /// What comes of so many stays in a core's cache while it is formatted and written.
  static constexpr std::size_t kSamplesMax = 1024;
  static_assert(kSamplesMax <= SampleMetadata::kTextsMax);

  /// `outputs` must outlive it. What is left when it goes is lost: flush() first. `now` is the
  /// thread's clock.
  SampleBuffer(Outputs& outputs, std::function<lab::TimePoint()> now)
      : outputs_(&outputs), thread_(outputs.pieces().next_thread()), now_(std::move(now)) {
    begin_piece();
  }
  /// All samples must have tags of the same table.
  void add(const Sample& sample, const TagTable& tags) {
    assert(tags_ == nullptr || tags_ == &tags);
    if (sample.metadata_number != metadata_number_) take_metadata(sample);
    const std::size_t set = sample.tags.index;
    if (set >= numbers_.size() || numbers_[set] == kUnknown) take_tags(sample.tags, tags);
    *next_++ = {.metric = sample.metric,
                .metadata = metadata_,
                .tags = numbers_[set],
                .value = sample.value,
                .at = sample.at};
    if (next_ == end_) flush();
  }
  void flush();
  /// How long the outputs have held the thread.
  [[nodiscard]] lab::Duration held() const { return held_; }

 private:
  static constexpr std::uint32_t kUnknown = 0xffffffff;
  void begin_piece();
  void take_tags(TagSetId set, const TagTable& tags);
  void take_metadata(const Sample& sample);

  Outputs* outputs_;
  std::size_t thread_;
  std::function<lab::TimePoint()> now_;
  lab::Duration held_{};
  const TagTable* tags_ = nullptr;
  std::vector<std::uint32_t>
      numbers_;  ///< Of the thread's sets, by TagSetId; kUnknown: not met yet.
  std::shared_ptr<SamplePiece> piece_;  ///< With room for kSamplesMax, which is cut at its end.
  HandedSample* next_ = nullptr;
  HandedSample* end_ = nullptr;
  std::uint64_t metadata_number_ = 0;    ///< Of the last sample of the piece.
  SampleMetadata::Number metadata_ = 0;  ///< The same in the piece.
};

}  // namespace loader
