#include "loader/world/interrupt_flag.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "loader/run/exit_code.h"
#include "loader/script/script_interrupt.h"

namespace loader {
namespace {

using Handler = void (*)(int);

std::atomic<bool> raised{false};
std::atomic<Handler> before_interrupt{nullptr};
std::atomic<Handler> before_terminate{nullptr};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<Handler>::is_always_lock_free,
              "a signal handler may not wait for a lock");

bool is_function(Handler handler) {
  return handler != nullptr && handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR;
}

extern "C" void raise_flag(int number) {
  if (raised.exchange(true)) ::_exit(static_cast<int>(ExitCode::interrupted));
  const Handler before = (number == SIGINT ? before_interrupt : before_terminate).load();
  if (is_function(before)) before(number);
}

bool flag_is_raised() { return raised; }

}  // namespace

InterruptFlag::InterruptFlag() {
  raised = false;
  set_script_interrupt(&flag_is_raised);
  before_interrupt = std::signal(SIGINT, raise_flag);
  before_terminate = std::signal(SIGTERM, raise_flag);
}

InterruptFlag::~InterruptFlag() {
  set_script_interrupt(nullptr);
  (void)std::signal(SIGINT, before_interrupt.exchange(nullptr));
  (void)std::signal(SIGTERM, before_terminate.exchange(nullptr));
}

bool InterruptFlag::is_raised() const { return raised; }

}  // namespace loader
