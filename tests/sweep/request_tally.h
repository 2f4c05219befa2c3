// What the loader wrote down of its requests, sample by sample: to hold against the gateway's own
// record.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "loader/outputs/sample_output.h"
#include "shared/sim/event_hash.h"

namespace lab::test {

struct RequestTally {
  std::map<unsigned, std::uint64_t> statuses;  ///< 0: no answer.
  EventHash samples;                           ///< Of every sample: name, tags, time and value.
};

/// Counts into `tally`, which outlives it.
class TallyOutput final : public loader::SampleOutput {
 public:
  explicit TallyOutput(RequestTally& tally) : tally_(&tally) {}

  [[nodiscard]] std::string description() const override { return "tally"; }
  lab::Result<void> write(std::span<const loader::Sample> samples,
                          const loader::TagTable& tags) override;
  lab::Result<void> flush() override { return {}; }
  lab::Result<void> finish() override { return {}; }

 private:
  RequestTally* tally_;
};

}  // namespace lab::test
