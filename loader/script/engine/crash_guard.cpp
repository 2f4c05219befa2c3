#include "loader/script/engine/crash_guard.h"

#include <csignal>
#include <cstdlib>
#include <mutex>

namespace loader {
namespace {

thread_local CrashReceiver* current_receiver = nullptr;

// V8 crashes on purpose by a trap, on the stack of what has failed: it is in no state that a
// handler could not leave.
void on_trap(int signal) {
  CrashReceiver* const receiver = current_receiver;
  if (receiver == nullptr) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    std::abort();
  }
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, signal);
  pthread_sigmask(SIG_UNBLOCK, &mask, nullptr);
  receiver->escape("it asked for more than the engine can hold");
}

void on_fatal_error(const char* /*location*/, const char* message) {
  if (current_receiver != nullptr) current_receiver->escape(message);
}

void on_out_of_memory(const char* /*location*/, bool /*is_heap*/) {
  if (current_receiver != nullptr) current_receiver->escape("its memory is used up");
}

void install_traps() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_handler = &on_trap;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTRAP, &action, nullptr);
    sigaction(SIGILL, &action, nullptr);
  });
}

}  // namespace

CrashGuard::CrashGuard(CrashReceiver& receiver) { current_receiver = &receiver; }

CrashGuard::~CrashGuard() { current_receiver = nullptr; }

void guard_isolate(v8::Isolate* isolate) {
  install_traps();
  isolate->SetFatalErrorHandler(&on_fatal_error);
  isolate->SetOOMErrorHandler(&on_out_of_memory);
}

}  // namespace loader
