// What the loader wrote down of its requests, sample by sample: to hold against the gateway's own
// record.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

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
  lab::Result<void> write(std::shared_ptr<const loader::SamplePiece> piece) override;
  lab::Result<void> flush() override { return {}; }
  lab::Result<void> finish() override { return {}; }

 private:
  RequestTally* tally_;
  std::vector<loader::TagTexts> sets_;  ///< By number.
};

}  // namespace lab::test
