// Samples on their way from the threads that measure to the thread that delivers them: a bounded
// queue between the two, in which nothing refers to the measuring threads any more.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "loader/metrics/metrics.h"
#include "loader/outputs/sample_metadata.h"

namespace loader {

/// Sorted by key, as TagTable::tags() has them.
using TagTexts = std::vector<std::pair<std::string, std::string>>;

/// A sample whose tags are known by a number of one output.
struct HandedSample {
  MetricId metric;
  std::uint32_t tags = 0;
  double value = 0;
  lab::TimePoint at{};
};

/// What was taken out of the queue.
struct Handed {
  std::vector<std::vector<HandedSample>> pieces{};
  std::vector<SampleMetadata> metadata{};  ///< Of each piece's samples, if they are kept.
  std::vector<TagTexts> new_tags{};  ///< Their numbers go on where the last Handed's ended, from 0.
  bool is_last = false;              ///< Nothing is left, and nothing will come.
};

/// Thread-safe: any thread gives, one takes.
class HandOver {
 public:
  enum class WhenFull : std::uint8_t {
    drop,  ///< The samples are lost, and counted: load that waits is no load.
    wait,  ///< The caller waits, and nothing is lost: of virtual time, none passes meanwhile.
  };
  /// So many may wait; 24 bytes each. Where the caller waits fewer will do.
  static constexpr std::size_t kSamplesMax = 2'000'000;
  static constexpr std::size_t kSamplesMaxOfWaiting = 65'536;
  /// Pieces whose memory is used again; 12 MB if each is a SampleBuffer's. New memory costs more
  /// than what is written there: the kernel has to clear it first.
  static constexpr std::size_t kPiecesKept = 128;
  /// From so many on it is time to take them.
  static constexpr std::size_t kWakeSamples = 16'384;

  struct Settings {
    WhenFull when_full = WhenFull::drop;
    std::size_t samples_max = kSamplesMax;
    bool keeps_metadata = false;
  };

  /// `wake` is called by giving threads when there is something to do.
  HandOver(Settings settings, std::function<void()> wake)
      : settings_(settings), wake_(std::move(wake)) {}

  /// `tags` is the table of the calling thread.
  void give(std::span<const Sample> samples, const TagTable& tags);
  /// At least one piece, if there is one, and then more up to `samples_max`.
  [[nodiscard]] Handed take(std::size_t samples_max);
  /// What take() gave and is done with, for its memory.
  void give_back(Handed handed);
  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] WhenFull when_full() const { return settings_.when_full; }

  /// No more will be given.
  void close();
  [[nodiscard]] bool is_closed() const;
  /// Nobody will take any more: what waits is dropped, and so is all that is given.
  void give_up();

  [[nodiscard]] std::uint64_t taken() const;  ///< All that was given.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  /// The numbers of a measuring thread's sets, by TagSetId; kUnknown: not met yet.
  using Numbers = std::vector<std::uint32_t>;
  static constexpr std::uint32_t kUnknown = 0xffffffff;

  [[nodiscard]] std::uint32_t number_of(TagSetId set, const TagTable& tags, Numbers& numbers);
  [[nodiscard]] bool has_room(std::size_t samples) const;
  void add_piece(std::span<const Sample> samples, const TagTable& tags);

  struct Piece {
    std::vector<HandedSample> samples{};
    SampleMetadata metadata{};
  };

  const Settings settings_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable has_room_;
  std::deque<Piece> pieces_;
  std::vector<std::vector<HandedSample>> spare_;  ///< Empty, with memory.
  std::size_t waiting_ = 0;
  std::unordered_map<const TagTable*, Numbers> numbers_;
  std::map<TagTexts, std::uint32_t> known_;
  std::vector<TagTexts> new_tags_;
  std::uint64_t taken_ = 0;
  std::uint64_t dropped_ = 0;
  bool is_closed_ = false;
  bool is_given_up_ = false;
};

}  // namespace loader
