// The same for many things, on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace loader {

/// As many as the machine has cores, 256 at most.
[[nodiscard]] inline unsigned threads_by_default() {
  return std::clamp(std::thread::hardware_concurrency(), 1U, 256U);
}

/// Calls `each` with 0 … count-1, every one once, from `threads` threads at most; returns when all
/// are done. What is thrown first is thrown again here, after the others.
inline void for_each_in_parallel(std::size_t count, unsigned threads,
                                 const std::function<void(std::size_t)>& each) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr thrown;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        each(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!thrown) thrown = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads && i < count; ++i) helpers.emplace_back(work);
    work();
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace loader
