#include "loader/script/engine/script_isolate.h"

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "loader/script/engine/crash_guard.h"
#include "loader/script/engine/v8_engine.h"

namespace loader {
namespace {

// Of the stack, for C++ below a script's deepest call.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kStackReserve = 384 << 10;
#else
constexpr std::size_t kStackReserve = 160 << 10;
#endif
// Free ones are kept for the next run of a process that makes many.
constexpr std::size_t kFreeMax = 256;

struct FreeIsolates {
  std::mutex mutex;
  std::vector<std::unique_ptr<ScriptIsolate>> isolates;
};

// Never destroyed: V8 is not torn down either.
FreeIsolates& free_isolates() {
  static auto* const isolates = new FreeIsolates;
  return *isolates;
}

}  // namespace

std::unique_ptr<ScriptIsolate> ScriptIsolate::take() {
  {
    FreeIsolates& free = free_isolates();
    const std::lock_guard lock(free.mutex);
    if (!free.isolates.empty()) {
      auto isolate = std::move(free.isolates.back());
      free.isolates.pop_back();
      return isolate;
    }
  }
  return std::unique_ptr<ScriptIsolate>(new ScriptIsolate);
}

void ScriptIsolate::give_back(std::unique_ptr<ScriptIsolate> isolate) {
  if (isolate->is_spent_) return;
  FreeIsolates& free = free_isolates();
  const std::lock_guard lock(free.mutex);
  if (free.isolates.size() < kFreeMax) free.isolates.push_back(std::move(isolate));
}

ScriptIsolate::ScriptIsolate()
    : stack_(kScriptStackBytes), isolate_(V8Engine::get().new_isolate()) {
  isolate_->AddNearHeapLimitCallback(&near_heap_limit, this);
  guard_isolate(isolate_);
  const v8::Isolate::Scope entered(isolate_);
  isolate_->SetStackLimit(reinterpret_cast<std::uintptr_t>(stack_.low()) + kStackReserve);
}

ScriptIsolate::~ScriptIsolate() { isolate_->Dispose(); }

bool ScriptIsolate::take_out_of_memory() { return std::exchange(is_out_of_memory_, false); }

std::size_t ScriptIsolate::near_heap_limit(void* self, std::size_t current,
                                           std::size_t /*initial*/) {
  auto* const isolate = static_cast<ScriptIsolate*>(self);
  isolate->is_out_of_memory_ = true;
  isolate->is_spent_ = true;
  isolate->isolate_->TerminateExecution();
  // Room to come to an end in: one large allocation may be under way.
  return current + 4 * kScriptHeapBytesMax;
}

}  // namespace loader
