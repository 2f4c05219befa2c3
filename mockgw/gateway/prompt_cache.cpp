#include "mockgw/gateway/prompt_cache.h"

namespace mockgw {

std::int64_t PromptCache::take(std::span<const std::uint64_t> blocks, lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  std::int64_t known = 0;
  for (const std::uint64_t hash : blocks) {
    if (!is_fresh(hash, now)) break;
    ++known;
  }
  // From the last to the first: a prefix is of use without what follows it, not the other way
  // round.
  for (auto hash = blocks.rbegin(); hash != blocks.rend(); ++hash) use(*hash, now);
  const std::int64_t tokens = known * config_.block_tokens;
  return tokens < config_.minimum_tokens ? 0 : tokens;
}

bool PromptCache::is_fresh(std::uint64_t hash, lab::TimePoint now) const {
  const auto found = by_hash_.find(hash);
  return found != by_hash_.end() && now - found->second->used <= config_.ttl;
}

void PromptCache::use(std::uint64_t hash, lab::TimePoint now) {
  const auto found = by_hash_.find(hash);
  if (found != by_hash_.end()) {
    found->second->used = now;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return;
  }
  by_use_.push_front({hash, now});
  by_hash_.emplace(hash, by_use_.begin());
  if (by_use_.size() > static_cast<std::size_t>(config_.blocks_max)) {
    by_hash_.erase(by_use_.back().hash);
    by_use_.pop_back();
  }
}

}  // namespace mockgw
