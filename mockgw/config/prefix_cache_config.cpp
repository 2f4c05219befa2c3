#include "mockgw/config/prefix_cache_config.h"

#include "shared/base/fields.h"

namespace mockgw {

void fields(lab::Fields& f, PrefixCacheConfig& c) {
  f("block_tokens", c.block_tokens, lab::between(1, 65'536),
    "Prompts are compared in steps of so many tokens.");
  f("minimum_tokens", c.minimum_tokens, lab::between(0, 10'000'000),
    "A shorter common beginning does not count.");
  f("ttl", c.ttl, "How long a block is kept after its last use.");
  f("blocks_max", c.blocks_max, lab::between(1, 10'000'000),
    "Of one model; the least recently used block goes first.");
}

}  // namespace mockgw
