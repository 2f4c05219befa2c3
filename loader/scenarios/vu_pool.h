// The virtual users of one thread, by index: scenarios borrow them and give them back.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace loader {

class VuPool {
 public:
  /// The lowest free index. A VU that has never been used comes into being here.
  [[nodiscard]] std::size_t acquire() {
    ++in_use_;
    if (free_.empty()) {
      iterations_.push_back(0);
      return iterations_.size() - 1;
    }
    const std::size_t vu = free_.top();
    free_.pop();
    return vu;
  }
  void release(std::size_t vu) {
    assert(in_use_ > 0 && vu < iterations_.size());
    --in_use_;
    free_.push(vu);
  }
  /// k6's __ITER: the number of this VU's next iteration, counting from 0 over the whole run.
  [[nodiscard]] std::uint64_t next_iteration(std::size_t vu) { return iterations_.at(vu)++; }

  [[nodiscard]] std::size_t in_use() const { return in_use_; }

 private:
  std::vector<std::uint64_t> iterations_;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> free_;
  std::size_t in_use_ = 0;
};

}  // namespace loader
