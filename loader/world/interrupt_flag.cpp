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
std::atomic<bool> asked{false};  ///< By a signal that somebody has sent on purpose.
std::atomic<Handler> before_interrupt{nullptr};
std::atomic<Handler> before_terminate{nullptr};
std::atomic<bool> has_left_ignored{false};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<Handler>::is_always_lock_free,
              "a signal handler may not wait for a lock");

bool is_function(Handler handler) {
  return handler != nullptr && handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR;
}

extern "C" void raise_flag(int number) {
  // That a terminal is lost is told by the kernel and by the shell, and often with a SIGTERM: all
  // of it is one interruption.
  if (number != SIGHUP && asked.exchange(true)) ::_exit(static_cast<int>(ExitCode::interrupted));
  raised = true;
  const Handler before = (number == SIGINT ? before_interrupt : before_terminate).load();
  if (is_function(before)) before(number == SIGINT ? SIGINT : SIGTERM);
}

// nohup has the process go on when its terminal is lost.
bool is_hangup_of_others() {
  struct sigaction now{};
  const bool is_ignored = ::sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
  return is_ignored && !has_left_ignored;
}

bool flag_is_raised() { return raised; }

}  // namespace

InterruptFlag::InterruptFlag() {
  raised = false;
  asked = false;
  set_script_interrupt(&flag_is_raised);
  before_interrupt = std::signal(SIGINT, raise_flag);
  before_terminate = std::signal(SIGTERM, raise_flag);
  if (!is_hangup_of_others()) (void)std::signal(SIGHUP, raise_flag);
}

InterruptFlag::~InterruptFlag() {
  set_script_interrupt(nullptr);
  (void)std::signal(SIGINT, before_interrupt.exchange(nullptr));
  (void)std::signal(SIGTERM, before_terminate.exchange(nullptr));
  if (is_hangup_of_others()) return;
  // What was measured is still to be written, by a process that may have no terminal any more.
  has_left_ignored = true;
  (void)std::signal(SIGHUP, SIG_IGN);
}

bool InterruptFlag::is_raised() const { return raised; }

}  // namespace loader
