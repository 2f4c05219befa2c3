// A value that all threads of a gateway share, behind one lock.
#pragma once

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "shared/base/time.h"

namespace mockgw {

/// Thread-safe. Threads may come with times that are a little out of order; they are put in order
/// here.
template <class Value>
class SharedInOrder {
 public:
  template <class... Arguments>
  explicit SharedInOrder(Arguments&&... arguments)
      : value_(std::forward<Arguments>(arguments)...) {}

  /// Calls a member or a function of the value with the arguments, and with the latest time that
  /// anybody came with as the last. Nobody else has the value meanwhile.
  template <class Use, class... Arguments>
  auto at(lab::TimePoint now, Use use, Arguments&&... arguments) {
    const std::lock_guard lock(mutex_);
    latest_ = std::max(latest_, now);
    return std::invoke(use, value_, std::forward<Arguments>(arguments)..., latest_);
  }
  /// The same without a time.
  template <class Use>
  auto look(Use use) const {
    const std::lock_guard lock(mutex_);
    return std::invoke(use, value_);
  }

 private:
  mutable std::mutex mutex_;
  lab::TimePoint latest_{};
  Value value_;
};

}  // namespace mockgw
