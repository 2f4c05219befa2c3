// Runs one random case and says which invariants it broke.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lab::test {

struct SweepOutcome {
  std::vector<std::string> broken;  ///< One sentence for each invariant that does not hold.
  std::string bytes;                ///< Everything the run wrote: equal for equal seeds.
  std::uint64_t requests = 0;
  std::uint64_t events = 0;
};

[[nodiscard]] SweepOutcome run_sweep_case(std::uint64_t seed);

}  // namespace lab::test
