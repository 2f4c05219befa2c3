// The tags of a scenario's samples over time: the phase that an instant lies in is one of them.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

class PhaseTags {
 public:
  /// Before `end`, and after the phase before it.
  struct Phase {
    lab::TimePoint end;
    TagSetId tags;
  };

  /// The same at all times.
  explicit PhaseTags(TagSetId tags) : last_(tags) {}
  /// `phases` by their ends, which do not fall; `last` is behind them all.
  PhaseTags(std::vector<Phase> phases, TagSetId last) : phases_(std::move(phases)), last_(last) {}

  /// False if at() is the same for all instants: then none need be looked up.
  [[nodiscard]] bool has_phases() const { return !phases_.empty(); }
  [[nodiscard]] TagSetId at(lab::TimePoint now) const {
    const auto found = std::upper_bound(
        phases_.begin(), phases_.end(), now,
        [](lab::TimePoint instant, const Phase& each) { return instant < each.end; });
    return found == phases_.end() ? last_ : found->tags;
  }

 private:
  std::vector<Phase> phases_;
  TagSetId last_;
};

}  // namespace loader
