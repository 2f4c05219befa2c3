// What happens when there is no memory left: a sentence and exit code 255, wherever it is noticed.
#pragma once

namespace loader {

/// To be called once, at the start. From then on an allocation that fails ends the process. It
/// can't be left to exceptions: unwinding allocates, in places that may not throw.
void end_when_out_of_memory();

/// The same, said by whoever has caught std::bad_alloc.
[[noreturn]] void end_out_of_memory();

}  // namespace loader
