// When thresholds did not hold while a run went on.
#pragma once

#include <cstddef>
#include <vector>

#include "loader/metrics/over_time.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/time.h"

namespace loader {

class BreachHistory {
 public:
  /// How long after a judgement `since_start` of the scenarios the next one is of use: often at the
  /// beginning, when every sample moves the whole, then at distances that a picture can show. A
  /// run of a day has some 800 judgements.
  [[nodiscard]] static lab::Duration pause_after(lab::Duration since_start);

  /// How things stand `since_start`; that does not go back. Reports are of one set of thresholds.
  void note(const ThresholdReport& report, lab::Duration since_start);

  /// The thresholds that did not hold at some time, in the order of the set. A span begins at the
  /// first judgement that was bad and ends at the next good one, or with the last one. A count that
  /// is to be reached is not among them: before the end there is nothing to say.
  [[nodiscard]] std::vector<ThresholdBreach> breaches() const;

 private:
  struct Threshold {
    ThresholdBreach breach{};
    bool is_awaited = false;  ///< It can only come to hold.
    bool is_open = false;     ///< Its last span goes on.
  };
  std::vector<Threshold> thresholds_;
};

}  // namespace loader
