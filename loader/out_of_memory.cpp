#include "loader/out_of_memory.h"

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "loader/run/exit_code.h"

namespace loader {

[[noreturn]] void end_out_of_memory() {
  constexpr std::string_view kSentence =
      "loader: out of memory; it needs fewer virtual users (vus, preAllocatedVUs, maxVUs), smaller "
      "prompts or bodies, or a higher limit\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kSentence.data(), kSentence.size());
  ::_exit(static_cast<int>(ExitCode::failure));
}

namespace {

std::terminate_handler before = nullptr;

// True if not even this much is to be had.
bool is_memory_used_up() {
  constexpr std::size_t kProbeBytes = 1 << 20;
  void* const probe = std::malloc(kProbeBytes);
  std::free(probe);
  return probe == nullptr;
}

// Asio allocates its frames past operator new, and throws; what throws again while that is unwound
// is no current exception.
[[noreturn]] void terminate() {
  if (std::uncaught_exceptions() > 0 && is_memory_used_up()) end_out_of_memory();
  if (const std::exception_ptr thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
      end_out_of_memory();
    } catch (...) {
      before();  // Whatever else it was is a fault of ours, for a core dump to show.
    }
  }
  before();
  std::abort();
}

}  // namespace

void end_when_out_of_memory() {
  std::set_new_handler(end_out_of_memory);
  before = std::set_terminate(terminate);
}

}  // namespace loader
