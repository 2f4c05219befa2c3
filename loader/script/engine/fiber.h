// A stackful coroutine: code that blocks as if it had a thread of its own, on the thread of whoever
// resumes it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace loader {

/// A piece of memory to run on, with a page below it that stops what grows too deep. Its pages come
/// into being as they are touched.
class FiberStack {
 public:
  /// Throws std::bad_alloc if there is no room for `bytes`.
  explicit FiberStack(std::size_t bytes);
  ~FiberStack();
  FiberStack(const FiberStack&) = delete;
  FiberStack& operator=(const FiberStack&) = delete;

  /// The lowest address that may be used, and the first past the highest.
  [[nodiscard]] std::byte* low() const { return low_; }
  [[nodiscard]] std::byte* high() const { return low_ + bytes_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Gives back the pages that a deep call has touched; only while nothing runs on it.
  void trim();

 private:
  std::byte* low_;
  std::size_t bytes_;
};

/// Runs `body` on `stack`, in turns: resume() goes on until the body calls suspend() or returns.
/// No exception may leave the body. It must have returned when the fiber is destroyed: nothing
/// unwinds a body that is suspended.
class Fiber {
 public:
  Fiber(FiberStack& stack, std::function<void()> body);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  void resume();
  /// From within the body only.
  void suspend();
  [[nodiscard]] bool is_done() const { return is_done_; }

 private:
  struct Switch;
  friend struct Switch;
  std::function<void()> body_;
  std::unique_ptr<Switch> switch_;
  bool is_done_ = false;
};

}  // namespace loader
