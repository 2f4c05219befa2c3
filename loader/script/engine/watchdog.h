// Ends scripts that run on and on: on a thread of its own, since theirs is theirs.
#pragma once

#include <v8.h>

#include <cstdint>

#include "shared/base/time.h"

namespace loader {

/// So much CPU time may a script take without waiting for anything: everything else of its thread
/// stands still meanwhile.
inline constexpr lab::Duration kSliceMax = std::chrono::seconds(10);

/// The same of a run that was asked to end; see script_interrupt.h.
inline constexpr lab::Duration kHeardWithin = std::chrono::seconds(2);

/// A stretch in which `isolate` runs, from construction to destruction, on one thread.
class WatchedSlice {
 public:
  explicit WatchedSlice(v8::Isolate* isolate);
  ~WatchedSlice();
  WatchedSlice(const WatchedSlice&) = delete;
  WatchedSlice& operator=(const WatchedSlice&) = delete;
};

/// A stretch within one in which the script is not to blame for what takes time.
class WatchPause {
 public:
  WatchPause();
  ~WatchPause();
  WatchPause(const WatchPause&) = delete;
  WatchPause& operator=(const WatchPause&) = delete;

 private:
  v8::Isolate* isolate_;
};

enum class SliceEnd : std::uint8_t {
  own,          ///< It was not stopped.
  overrun,      ///< After kSliceMax.
  interrupted,  ///< After kHeardWithin.
};
/// How the isolate was stopped, since the last call.
[[nodiscard]] SliceEnd take_slice_end(v8::Isolate* isolate);

}  // namespace loader
