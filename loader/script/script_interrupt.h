// How a script that never waits hears that its run is to end.
#pragma once

namespace loader {

/// From when on `is_asked` says true, a script that runs for kHeardWithin without waiting for
/// anything is ended as interrupted. It is called on a thread of its own, at any time until the
/// process ends. Null: nobody asks.
void set_script_interrupt(bool (*is_asked)());

/// What the function of set_script_interrupt() says now.
[[nodiscard]] bool is_script_interrupted();

}  // namespace loader
