#include "loader/interrupt_flag.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "loader/run/exit_code.h"

namespace loader {
namespace {

std::atomic<bool> raised{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not wait for a lock");

extern "C" void raise_flag(int) {
  if (raised.exchange(true)) ::_exit(static_cast<int>(ExitCode::interrupted));
}

}  // namespace

InterruptFlag::InterruptFlag() {
  raised = false;
  before_interrupt_ = std::signal(SIGINT, raise_flag);
  before_terminate_ = std::signal(SIGTERM, raise_flag);
}

InterruptFlag::~InterruptFlag() {
  (void)std::signal(SIGINT, before_interrupt_);
  (void)std::signal(SIGTERM, before_terminate_);
}

bool InterruptFlag::is_raised() const { return raised; }

}  // namespace loader
