// The key `prefix_cache` of the gateway file's `latency` section: a prompt that begins like an
// earlier one is cheaper.
#pragma once

#include <cstdint>

#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace mockgw {

/// Defaults as OpenAI documents its own cache: from 1,024 tokens on, in steps of 128, kept for
/// minutes.
struct PrefixCacheConfig {
  std::int64_t block_tokens = 128;              ///< Prefixes are compared in steps of so many.
  std::int64_t minimum_tokens = 1024;           ///< A shorter common beginning does not count.
  lab::Duration ttl = std::chrono::minutes(5);  ///< Since a block was last used.
  std::int64_t blocks_max = 65'536;             ///< The least recently used goes first.

  friend bool operator==(const PrefixCacheConfig&, const PrefixCacheConfig&) = default;
};

void fields(lab::Fields& f, PrefixCacheConfig& c);

}  // namespace mockgw
