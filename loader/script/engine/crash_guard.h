// What V8 answers by ending the process (an array longer than any may be, a heap that is full in
// the middle of a collection) ends the script instead: its stack is left as it is, for good.
#pragma once

#include <v8.h>

namespace loader {

/// Told that the script that runs on this thread can't go on. Must not return.
class CrashReceiver {
 public:
  virtual ~CrashReceiver() = default;
  [[noreturn]] virtual void escape(const char* reason) = 0;
};

/// As long as it lives, what would end the process on this thread ends `receiver`'s script.
class CrashGuard {
 public:
  explicit CrashGuard(CrashReceiver& receiver);
  ~CrashGuard();
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;
};

/// For each new isolate.
void guard_isolate(v8::Isolate* isolate);

}  // namespace loader
