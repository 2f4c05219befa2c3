// The prompt prefixes that the model servers behind a gateway have seen lately.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

#include "mockgw/config/prefix_cache_config.h"
#include "shared/base/time.h"

namespace mockgw {

/// Thread-safe. Knows blocks by the hashes of prompt_blocks().
class PromptCache {
 public:
  explicit PromptCache(const PrefixCacheConfig& config) : config_(config) {}

  /// How many tokens of the prompt's beginning were in the cache at `now`; all its blocks are from
  /// then on. Zero when fewer than minimum_tokens were.
  [[nodiscard]] std::int64_t take(std::span<const std::uint64_t> blocks, lab::TimePoint now);

  [[nodiscard]] const PrefixCacheConfig& config() const { return config_; }

 private:
  struct Block {
    std::uint64_t hash = 0;
    lab::TimePoint used{};
  };

  [[nodiscard]] bool is_fresh(std::uint64_t hash, lab::TimePoint now) const;
  void use(std::uint64_t hash, lab::TimePoint now);

  const PrefixCacheConfig config_;
  std::mutex mutex_;
  std::list<Block> by_use_;  // The most recently used first.
  std::unordered_map<std::uint64_t, std::list<Block>::iterator> by_hash_;
};

/// By model id, for the models whose latency has a prefix_cache.
using PromptCaches = std::map<std::string, PromptCache, std::less<>>;

}  // namespace mockgw
