// Waiting in real time for what others do, where nothing tells that they have: files that come.
#pragma once

#include <functional>

#include "shared/base/time.h"

namespace loader {

struct Patience {
  lab::Duration interval{};  ///< From one look to the next, > 0.
  lab::Duration most{};      ///< After so long it looks a last time; zero: it looks once.
};

/// Calls `look` now and then until it returns true.
void look_until(const std::function<bool()>& look, const Patience& patience);

}  // namespace loader
