// What is to be sent, in which order, when, and how often: decided without I/O and without a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loader/delivery/batch.h"
#include "loader/delivery/delivery_reply.h"
#include "shared/base/time.h"

namespace loader {

/// How long to wait after so many failures in a row (at least one): a quarter of a second, doubled
/// each time, up to kPauseMax.
[[nodiscard]] lab::Duration pause_after(unsigned failures);

/// Batches leave in the order in which they came, at most `in_flight_max` at a time. One that has
/// not arrived is the first again. A failure makes all wait: it is the same server.
class DeliveryQueue {
 public:
  static constexpr std::size_t kBytesMax = 16u << 20;
  /// A batch that the server answers so often with an error of its own is given up; without an
  /// answer it may be tried for ever.
  static constexpr unsigned kAnswersMax = 16;
  static constexpr lab::Duration kPauseMax = std::chrono::seconds(5);
  /// The server's own wishes are respected up to here.
  static constexpr lab::Duration kRetryAfterMax = std::chrono::seconds(30);

  /// `start` counts as the last time that something arrived.
  DeliveryQueue(unsigned in_flight_max, lab::TimePoint start)
      : in_flight_max_(in_flight_max), last_arrival_(start) {}

  /// More batches should not be made while this is false; add() takes them all the same.
  [[nodiscard]] bool has_room() const { return bytes_ < kBytesMax; }
  void add(Batch batch);

  /// A batch on its way; goes back with settle().
  struct Try {
    std::uint64_t id = 0;
    Batch batch{};
  };
  /// What to send at `now`, if anything.
  [[nodiscard]] std::optional<Try> next(lab::TimePoint now);
  /// Returns the body of a batch that is not sent again, for its memory.
  std::string settle(Try attempt, const DeliveryReply& reply, lab::TimePoint now);
  /// Instead of settle(): a batch is sent in these parts, after all others.
  void replace(const Try& attempt, std::vector<Batch> parts);
  /// When next() may have something: kNoDeadline if first something must be added or settled.
  [[nodiscard]] lab::TimePoint due() const;

  [[nodiscard]] bool is_idle() const { return entries_.empty(); }
  /// Of something that was no batch.
  void note_failure(std::string why, lab::TimePoint now);
  /// Everything, on its way or not, counts as dropped.
  void drop_all(const std::string& why);

  /// When the first of the failures was since which nothing has arrived; none: there was none.
  [[nodiscard]] std::optional<lab::TimePoint> failing_since() const { return failing_since_; }
  [[nodiscard]] lab::TimePoint last_arrival() const { return last_arrival_; }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }  ///< Samples that have arrived.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// Why the latest batch was not taken; empty: no batch ever failed.
  [[nodiscard]] const std::string& last_failure() const { return last_failure_; }

 private:
  struct Entry {
    Batch batch;
    std::size_t bytes = 0;
    std::uint64_t samples = 0;
    unsigned answers = 0;
    bool is_in_flight = false;
  };
  using Entries = std::map<std::uint64_t, Entry>;

  void drop(Entries::iterator entry);
  void pause(lab::TimePoint now, lab::Duration at_least);

  unsigned in_flight_max_;
  unsigned in_flight_ = 0;
  Entries entries_;  ///< By id, which is the order.
  std::uint64_t next_id_ = 0;
  std::size_t bytes_ = 0;
  unsigned failures_ = 0;  ///< In a row.
  lab::TimePoint resume_at_ = lab::TimePoint::min();
  lab::TimePoint last_arrival_;
  std::uint64_t sent_ = 0;
  std::uint64_t dropped_ = 0;
  std::string last_failure_;
  std::optional<lab::TimePoint> failing_since_;
};

}  // namespace loader
