// What is wrong with the parts of a run as a whole, each in a sentence that names the part: pure,
// by what their files say.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loader/merge/run_file.h"
#include "shared/base/time.h"

namespace loader {

struct ShardFile {
  std::string name;  ///< Its path.
  RunFile file;
};

/// "shard-2.json (segment 1/3:2/3)"
[[nodiscard]] std::string shard_name(const ShardFile& shard);

/// Which of the files are put together: of one run, the one that most of them are of (the first, if
/// that is not decided), and of each segment the first.
struct ShardChoice {
  std::vector<std::size_t> taken{};     ///< Indices.
  std::vector<std::string> findings{};  ///< Why others are not.
};
[[nodiscard]] ShardChoice choose_shards(const std::vector<ShardFile>& shards);

/// The segments of the sequence that none of the parts has, by number and name.
[[nodiscard]] std::vector<std::string> missing_shards(const std::vector<ShardFile>& shards);
/// Those whose scenarios began more than `max_skew` before or after those of most, or never.
[[nodiscard]] std::vector<std::string> skewed_shards(const std::vector<ShardFile>& shards,
                                                     lab::Duration max_skew);
/// Those that did not come to their end: interrupted, aborted, failed.
[[nodiscard]] std::vector<std::string> broken_shards(const std::vector<ShardFile>& shards);

/// Of a simulated gateway with limits that all its clients share, if the load was split at all:
/// each part had one of its own, with all of the limits.
[[nodiscard]] std::vector<std::string> separate_gateways(const std::vector<ShardFile>& shards);

/// A part that drops more than this of a scenario's iterations, and this many times the share that
/// the others drop, had too few virtual users, or too slow a machine: were it the gateway, the
/// others would have dropped as much.
inline constexpr double kDropShareMax = 0.001;
/// And so is one whose iterations of arrival rates start later than kLateWait, or that reads what
/// comes later than that (the 95th percentiles), and this many times later than the others: that is
/// the loader's own doing.
inline constexpr double kTimesTheOthers = 10;

/// Those that were the bottleneck themselves: by dropped iterations, by late starts, and by what
/// they saw of their own lateness. Where all are late, the verdict on the whole says so.
[[nodiscard]] std::vector<std::string> slow_shards(const std::vector<ShardFile>& shards);

}  // namespace loader
