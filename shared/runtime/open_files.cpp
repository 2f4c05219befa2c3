#include "shared/runtime/open_files.h"

#include <sys/resource.h>

#include <limits>

namespace lab {

std::size_t raise_open_files_limit() {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kNone;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  const rlim_t now = setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
  return now == RLIM_INFINITY ? kNone : static_cast<std::size_t>(now);
}

}  // namespace lab
