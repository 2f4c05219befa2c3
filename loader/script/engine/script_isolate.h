// An isolate with the stack that its scripts run on; kept for reuse, since both are dear to make.
#pragma once

#include <v8.h>

#include <memory>

#include "loader/script/engine/fiber.h"

namespace loader {

/// A script may call itself so deep; k6 has no such bound.
inline constexpr std::size_t kScriptStackBytes = std::size_t{1} << 20;

/// One heap and one stack, of one script instance at a time.
class ScriptIsolate {
 public:
  /// One that is free, from any thread, or a new one.
  [[nodiscard]] static std::unique_ptr<ScriptIsolate> take();
  /// Makes it free again; nothing of its last user may be alive. One that ran out of memory, or is
  /// too many, is ended instead.
  static void give_back(std::unique_ptr<ScriptIsolate> isolate);
  ~ScriptIsolate();
  ScriptIsolate(const ScriptIsolate&) = delete;
  ScriptIsolate& operator=(const ScriptIsolate&) = delete;

  [[nodiscard]] v8::Isolate* v8() const { return isolate_; }
  [[nodiscard]] FiberStack& stack() { return stack_; }

  /// Since the last call: whether the heap came near its limit, which ends what ran.
  [[nodiscard]] bool take_out_of_memory();

 private:
  ScriptIsolate();
  static std::size_t near_heap_limit(void* self, std::size_t current, std::size_t initial);

  FiberStack stack_;
  v8::Isolate* isolate_;
  bool is_out_of_memory_ = false;
  bool is_spent_ = false;
};

}  // namespace loader
