// The virtual users of one thread, by index: scenarios borrow them and give them back.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace loader {

/// A queue, as in k6: whoever has been idle for longest is next. A scenario that starts after
/// another has ended gets VUs that have done nothing yet, as long as there are some.
class VuPool {
 public:
  /// So many are there from the beginning.
  void fill(std::size_t vus) {
    while (iterations_.size() < vus) {
      free_.push_back(iterations_.size());
      iterations_.push_back(0);
    }
  }
  /// If none is free, another one comes into being, with the next index.
  [[nodiscard]] std::size_t acquire() {
    ++in_use_;
    if (free_.empty()) {
      iterations_.push_back(0);
      return iterations_.size() - 1;
    }
    const std::size_t vu = free_.front();
    free_.pop_front();
    return vu;
  }
  void release(std::size_t vu) {
    assert(in_use_ > 0 && vu < iterations_.size());
    --in_use_;
    free_.push_back(vu);
  }
  /// k6's __ITER: the number of this VU's next iteration, counting from 0 over the whole run.
  [[nodiscard]] std::uint64_t next_iteration(std::size_t vu) { return iterations_.at(vu)++; }

  [[nodiscard]] std::size_t in_use() const { return in_use_; }

 private:
  std::vector<std::uint64_t> iterations_;
  std::deque<std::size_t> free_;
  std::size_t in_use_ = 0;
};

}  // namespace loader
