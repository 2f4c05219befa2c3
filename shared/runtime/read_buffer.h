// Bytes read from a stream and not yet parsed; bounded, and small while a connection lies idle.
#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstring>
#include <memory>

namespace lab {

class ReadBuffer {
 public:
  /// `bytes_max`: the longest unparsed stretch that is held. Starts at `bytes_initial`.
  ReadBuffer(std::size_t bytes_initial, std::size_t bytes_max)
      : initial_(bytes_initial), max_(bytes_max) {}

  [[nodiscard]] boost::asio::const_buffer unread() const {
    return {bytes_.get() + begin_, end_ - begin_};
  }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] bool full() const { return end_ - begin_ >= max_; }
  [[nodiscard]] char front() const { return bytes_[begin_]; }

  void consume(std::size_t n) {
    begin_ += n;
    if (begin_ == end_ && !lent_) begin_ = end_ = 0;
  }

  /// Room for the next read; grows when the last one filled it. Not to be called when full(). Until
  /// commit() it stays where it is, whatever is consumed.
  [[nodiscard]] boost::asio::mutable_buffer prepare() {
    if (!bytes_) allocate(initial_);
    if (begin_ > 0 && (end_ == capacity_ || filled_)) compact();
    if (end_ == capacity_ || filled_) allocate(std::min(capacity_ * 2, max_));
    filled_ = false;
    lent_ = true;
    return {bytes_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t n) {
    lent_ = false;
    filled_ = n == capacity_ - end_;
    end_ += n;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Gives memory back before a wait of unknown length.
  void shrink() {
    if (empty() && !lent_ && capacity_ > initial_) {
      bytes_.reset();
      capacity_ = 0;
    }
  }

 private:
  void compact() {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  void allocate(std::size_t capacity) {
    if (capacity <= capacity_) return;
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > begin_) std::memcpy(bytes.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t initial_;
  std::size_t max_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool filled_ = false;
  bool lent_ = false;  // To a read under way.
};

}  // namespace lab
