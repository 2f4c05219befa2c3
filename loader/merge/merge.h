// Puts the parts of a run together that several processes have carried out: one summary and one
// verdict, as one process would have had them.
#pragma once

#include <string>
#include <vector>

#include "loader/merge/shard_findings.h"
#include "loader/run/run_conclusion.h"
#include "loader/run/run_result.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct MergeSettings {
  /// How far apart the scenarios of the parts may have begun.
  lab::Duration max_skew = std::chrono::seconds(1);
  bool evaluates_thresholds = true;
  /// What stands over the run's own; empty: that.
  std::vector<std::string> trend_stats{};
  std::string time_unit{};
};

/// Counts and distributions are those of one process; times count from when the scenarios of each
/// part began, by its own clock. What is wrong with the parts (`findings`: what is known already)
/// makes the verdict incomplete, exit code 123, and is said in the result's errors and notes; what
/// there is is shown all the same. The run started when its earliest part did. The Error: there is
/// no part at all.
[[nodiscard]] lab::Result<RunResult> merge_shards(std::vector<ShardFile> shards,
                                                  std::vector<std::string> findings,
                                                  const MergeSettings& settings);

/// Whether nothing is missing, so that waiting for more is of no use.
[[nodiscard]] bool is_complete(const std::vector<ShardFile>& shards);

}  // namespace loader
