// A file of lines that a thread of its own formats and writes, of what the load's threads hand
// over; and each is written.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "loader/outputs/hand_over.h"
#include "loader/outputs/output_file.h"
#include "loader/outputs/writer_thread.h"
#include "shared/base/error.h"

namespace loader {

/// A disk that is slower than the load slows the load in the end: a line that is lost would be
/// worse. Until Room::waiting_max wait, it does not. Any thread may give and flush.
template <class Piece>
class LineFile {
 public:
  /// Appends a piece's lines; called by the file's thread alone.
  using Format = std::function<void(std::string& lines, const Piece& piece)>;

  struct Room {
    std::size_t waiting_max;
    std::size_t wake_from;  ///< Fewer wait for the next flush().
  };

  /// Starts the thread. `head` stands before the first line, be there any or not.
  LineFile(OutputFile file, std::string head, Format format, Room room)
      : file_(std::move(file)),
        format_(std::move(format)),
        hand_over_({WhenFull::wait, room.waiting_max, room.wake_from}, [this] { wake(); }),
        lines_(std::move(head)),
        thread_([this] {
          lower_thread_priority();
          if (file_.is_named()) ignore_broken_pipes();
          run();
        }) {}
  /// Without finish(), what is not written is lost.
  ~LineFile() {
    if (!thread_.joinable()) return;
    is_abandoned_ = true;
    hand_over_.give_up();
    hand_over_.close();
    thread_.join();
  }
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  [[nodiscard]] const std::string& name() const { return file_.name(); }

  /// The Error of a write or a flush is the next call's.
  lab::Result<void> give(std::shared_ptr<const Piece> piece) {
    if (const auto so_far = result(); !so_far) return so_far;
    hand_over_.give(std::move(piece));
    return {};
  }
  /// Makes what was given visible to readers, soon; of a compressed file, hands it to the
  /// compression.
  lab::Result<void> flush() {
    {
      const std::lock_guard lock(mutex_);
      is_to_flush_ = true;
    }
    wake();
    return result();
  }
  /// Nothing more is given.
  void close() { hand_over_.close(); }
  /// Writes what is left.
  lab::Result<void> finish() {
    close();
    thread_.join();
    return result();
  }

 private:
  /// Lines are written in pieces of about this size.
  static constexpr std::size_t kBytesAtOnce = 256 * 1024;

  void run() {
    bool goes_on = true;
    while (goes_on) {
      {
        std::unique_lock lock(mutex_);
        is_woken_.wait(lock, [this] { return has_work_; });
        has_work_ = false;
      }
      goes_on = !is_abandoned_ && write_some();
    }
  }

  // False: all is written, or nothing can be.
  [[nodiscard]] bool write_some() {
    bool is_last = false;
    lab::Result<void> written;
    while (written && !is_last) {
      const auto taken = hand_over_.take(1);
      is_last = taken.is_last;
      for (const auto& piece : taken.pieces) format_(lines_, *piece);
      if (lines_.size() >= kBytesAtOnce) written = write_lines();
      if (taken.pieces.empty()) break;
    }
    if (written) written = write_lines();
    if (written && takes_flush()) written = file_.flush();
    if (written && is_last) written = file_.close();
    if (written) return !is_last;
    {
      const std::lock_guard lock(mutex_);
      error_ = written.error();
    }
    hand_over_.give_up();
    file_.give_up();
    return false;
  }

  [[nodiscard]] lab::Result<void> write_lines() {
    const auto written = file_.write(lines_);
    lines_.clear();
    return written;
  }

  void wake() {
    {
      const std::lock_guard lock(mutex_);
      has_work_ = true;
    }
    is_woken_.notify_one();
  }

  // True if somebody has asked for a flush since the last time.
  [[nodiscard]] bool takes_flush() {
    const std::lock_guard lock(mutex_);
    return std::exchange(is_to_flush_, false);
  }

  [[nodiscard]] lab::Result<void> result() const {
    const std::lock_guard lock(mutex_);
    if (error_) return *error_;
    return {};
  }

  OutputFile file_;
  const Format format_;
  HandOver<Piece> hand_over_;
  std::atomic<bool> is_abandoned_ = false;
  std::string lines_;  ///< Of the thread alone.
  mutable std::mutex mutex_;
  std::condition_variable is_woken_;
  bool has_work_ = false;
  bool is_to_flush_ = false;
  std::optional<lab::Error> error_;
  std::thread thread_;  ///< The last member: it uses all others.
};

}  // namespace loader
