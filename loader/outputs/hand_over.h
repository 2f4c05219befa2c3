// A bounded queue between the threads that measure and the thread that writes or sends.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace loader {

enum class WhenFull : std::uint8_t {
  drop,  ///< What is given is lost, and counted: load that waits is no load.
  wait,  ///< The caller waits, and nothing is lost: of virtual time, none passes meanwhile.
};

struct HandOverSettings {
  WhenFull when_full = WhenFull::drop;
  std::size_t waiting_max = 0;  ///< In the unit of Piece::size().
  std::size_t wake_from = 1;    ///< From so many on it is time to take them; below waiting_max.
};

/// Thread-safe: any thread gives, one takes. `Piece` has size(), of what it holds.
template <class Piece>
class HandOver {
 public:
  using Shared = std::shared_ptr<const Piece>;
  struct Taken {
    std::vector<Shared> pieces{};
    bool is_last = false;  ///< Nothing is left, and nothing will come.
  };

  /// `wake` is called by giving threads when there is something to do.
  HandOver(HandOverSettings settings, std::function<void()> wake)
      : settings_(settings), wake_(std::move(wake)) {}

  void give(Shared piece) {
    if (add(std::move(piece))) wake_();
  }

  /// At least one piece, if there is one, and then more up to `size_max`.
  [[nodiscard]] Taken take(std::size_t size_max) {
    Taken taken;
    {
      const std::lock_guard lock(mutex_);
      std::size_t size = 0;
      while (!pieces_.empty() && (size == 0 || size + pieces_.front()->size() <= size_max)) {
        size += pieces_.front()->size();
        taken.pieces.push_back(std::move(pieces_.front()));
        pieces_.pop_front();
      }
      waiting_ -= size;
      taken.is_last = is_closed_ && pieces_.empty();
    }
    has_room_.notify_all();
    return taken;
  }

  [[nodiscard]] std::size_t waiting() const { return read(waiting_); }
  [[nodiscard]] WhenFull when_full() const { return settings_.when_full; }

  /// No more will be given.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    wake_();
  }
  [[nodiscard]] bool is_closed() const { return read(is_closed_); }

  /// Nobody will take any more: what waits is dropped, and so is all that is given.
  void give_up() {
    {
      const std::lock_guard lock(mutex_);
      is_given_up_ = true;
      dropped_ += waiting_;
      waiting_ = 0;
      pieces_.clear();
    }
    has_room_.notify_all();
  }

  [[nodiscard]] std::uint64_t taken() const { return read(taken_); }  ///< All that was given.
  [[nodiscard]] std::uint64_t dropped() const { return read(dropped_); }

 private:
  // True if the taker is to be woken. While the caller waits the queue is full, of which the taker
  // knows.
  [[nodiscard]] bool add(Shared piece) {
    const std::size_t size = piece->size();
    std::unique_lock lock(mutex_);
    taken_ += size;
    if (settings_.when_full == WhenFull::wait) {
      has_room_.wait(lock, [&] { return is_given_up_ || has_room(size); });
    }
    if (is_given_up_ || is_closed_ || !has_room(size)) {
      dropped_ += size;
      return false;
    }
    pieces_.push_back(std::move(piece));
    const bool was_few = waiting_ < settings_.wake_from;
    waiting_ += size;
    return was_few && waiting_ >= settings_.wake_from;
  }

  // One piece always fits, or a piece larger than the queue would never go.
  [[nodiscard]] bool has_room(std::size_t size) const {
    return waiting_ < settings_.wake_from || waiting_ + size <= settings_.waiting_max;
  }
  template <class Value>
  [[nodiscard]] Value read(const Value& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }

  const HandOverSettings settings_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable has_room_;
  std::deque<Shared> pieces_;
  std::size_t waiting_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t dropped_ = 0;
  bool is_closed_ = false;
  bool is_given_up_ = false;
};

}  // namespace loader
