// What threads are like that write or send what was measured.
#pragma once

namespace loader {

/// Where a load takes all of the machine, it is the load that is to be seen: the calling thread
/// then gets a twentieth of what others get, by its weight of 56 against 1024 (sched(7)); half of
/// what the load may lose, since handing over costs, too, and so does the way to a server. Linux
/// has a value for each thread, by its id. A failure would leave it as it was.
void lower_thread_priority();

/// From here on the calling thread hears of a pipe that nobody reads any more by an error of
/// writing, instead of a signal that ends the process, and the run with it.
void ignore_broken_pipes();

}  // namespace loader
