// The JavaScript engine of the process: V8, set up once, and isolates (heaps of their own) made
// from one snapshot that holds the built-in modules, ready to use.
#pragma once

#include <v8.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace loader {

/// A function that C++ gives to the built-in modules, as native.NAME.
struct NativeFunction {
  const char* name;
  v8::FunctionCallback call;
};

/// A script's heap may grow so far; what wants more ends the iteration.
inline constexpr std::size_t kScriptHeapBytesMax = std::size_t{512} << 20;
/// The same for the bytes of its ArrayBuffers, which V8 keeps elsewhere.
inline constexpr std::size_t kScriptBufferBytesMax = std::size_t{256} << 20;

/// What Date says on this thread: milliseconds since 1970. Set while a script runs.
class ScriptClock {
 public:
  virtual ~ScriptClock() = default;
  [[nodiscard]] virtual double wall_milliseconds() const = 0;
  /// Null: the system's clock.
  static void set(const ScriptClock* clock);
};

/// The process's engine; made at its first use, from any thread, and never torn down.
class V8Engine {
 public:
  /// `natives` and what the built-in modules make of them are part of the snapshot; the same at
  /// each call.
  [[nodiscard]] static V8Engine& get();

  /// Whether functions are optimised as soon as they are warm; of all isolates, from here on. No
  /// script runs meanwhile.
  void optimize_early(bool is_wanted);
  /// Whether memory counts more than the time to start: heaps begin small and are collected more
  /// often, and code that is merely warm stays bytecode. Of all isolates, from here on; no script
  /// runs meanwhile.
  void save_memory(bool is_wanted);
  [[nodiscard]] bool saves_memory() const { return saves_memory_; }
  /// A new isolate, not entered. Dispose of it by v8::Isolate::Dispose().
  [[nodiscard]] v8::Isolate* new_isolate();
  /// In an entered isolate of this engine: a context in which all built-in modules are loaded, and
  /// the object `native` that they talk to.
  struct Realm {
    v8::Local<v8::Context> context;
    v8::Local<v8::Object> native;
  };
  [[nodiscard]] static Realm new_realm(v8::Isolate* isolate);

 private:
  V8Engine();
  bool saves_memory_ = false;
  v8::StartupData snapshot_{};
  std::vector<std::intptr_t> references_;
};

/// All of them, in the order in which the snapshot knows them.
[[nodiscard]] std::vector<NativeFunction> all_natives();

}  // namespace loader
