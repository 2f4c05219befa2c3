#include "loader/compare/run_blocks.h"

#include <algorithm>
#include <map>
#include <utility>

#include "shared/base/time.h"

namespace loader {
namespace {

/// The windows of a stratum.
struct Span {
  std::size_t first = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t blocks() const {
    const std::size_t windows = end - first;
    if (windows == 0) return 0;
    const std::size_t together = (windows + kBlocksMax - 1) / kBlocksMax;
    return (windows + together - 1) / together;
  }
  // Blocks differ by a window at most.
  [[nodiscard]] std::size_t block_of(std::size_t window) const {
    return (window - first) * blocks() / (end - first);
  }
};

std::vector<UserBlock> user_blocks(const std::vector<UserWindow>& users, std::size_t timed) {
  const Span span{.first = 0, .end = users.size()};
  std::vector<UserBlock> blocks(span.blocks());
  for (std::size_t i = 0; i < users.size(); ++i) {
    UserBlock& block = blocks[span.block_of(i)];
    block.iterations += users[i].iterations;
    block.dropped += users[i].dropped;
    if (i < timed) block.timed_iterations += users[i].iterations;
  }
  return blocks;
}

}  // namespace

void SeriesBlock::add(const RequestWindow& window, bool is_timed) {
  requests += window.requests;
  failed += window.failed;
  tokens_out += window.tokens_out;
  if (is_timed) {
    timed_successes += window.requests - window.failed;
    timed_tokens += window.tokens_out;
  }
  succeeded.merge(window.succeeded);
  time_to_first_token.merge(window.time_to_first_token);
  inter_token.merge(window.inter_token);
}

RunBlocks run_blocks(const OverTime& over_time, std::size_t timed) {
  std::map<std::pair<std::string, std::string>, std::size_t> numbers;
  std::vector<Span> spans;
  for (const RequestSeries& series : over_time.series) {
    if (series.windows.empty()) continue;
    const auto [found, is_new] =
        numbers.try_emplace({series.scenario, series.phase}, numbers.size());
    if (is_new) {
      spans.push_back({.first = series.first, .end = series.end()});
    } else {
      Span& span = spans[found->second];
      span.first = std::min(span.first, series.first);
      span.end = std::max(span.end, series.end());
    }
  }
  RunBlocks run{.users = user_blocks(over_time.users, timed),
                .seconds = lab::to_seconds(over_time.window) * static_cast<double>(timed)};
  for (const Span& span : spans) run.strata.push_back(span.blocks());
  for (const RequestSeries& series : over_time.series) {
    if (series.windows.empty()) continue;
    const std::size_t stratum = numbers.at({series.scenario, series.phase});
    BlockSeries& made = run.series.emplace_back(BlockSeries{.scenario = series.scenario,
                                                            .phase = series.phase,
                                                            .model = series.model,
                                                            .stratum = stratum});
    made.blocks.resize(run.strata[stratum]);
    for (std::size_t i = 0; i < series.windows.size(); ++i) {
      const std::size_t number = series.first + i;
      made.blocks[spans[stratum].block_of(number)].add(series.windows[i], number < timed);
    }
  }
  return run;
}

TimedWindows timed_windows(std::size_t a, std::size_t b) {
  const std::size_t least = std::min(a, b);
  const std::size_t most = std::max(a, b);
  const auto whole = [](std::size_t windows) { return windows < 2 ? 0 : windows - 1; };
  // Two windows more or less are no other length in a run of a few.
  if (most - least <= std::max<std::size_t>(2, most / 10)) return {whole(least), whole(least)};
  return {whole(a), whole(b)};
}

}  // namespace loader
