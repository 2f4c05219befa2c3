#include "loader/outputs/low_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace loader {

void lower_thread_priority() {
  constexpr int kNice = 13;
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

}  // namespace loader
