// --shard 2/5: one of so many equal parts of the load, which is an execution segment said shortly.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "loader/scenarios/execution_segment.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

struct Shard {
  std::uint64_t number = 1;  ///< From 1.
  std::uint64_t of = 1;
  friend bool operator==(const Shard&, const Shard&) = default;
};

inline constexpr std::uint64_t kShardsMax = 10'000;

/// Reads "2/5"; or "auto/5", whose number is what a Kubernetes Indexed Job (JOB_COMPLETION_INDEX)
/// or a Slurm array (SLURM_ARRAY_TASK_ID) says in the environment; or "auto", where Slurm says the
/// count, too. The Error says what is allowed.
[[nodiscard]] lab::Result<Shard> parse_shard(std::string_view text,
                                             const lab::EnvironmentLookup& environment);

/// All parts of so many, in order; shard n is the n-th.
[[nodiscard]] std::vector<ExecutionSegment> equal_segments(std::uint64_t count);

}  // namespace loader
