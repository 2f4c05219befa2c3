#include "mockgw/config/prefix_cache_config.h"

#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr std::int64_t kBlockTokensMax = 65'536;
constexpr std::int64_t kMinimumTokensMax = 10'000'000;
constexpr std::int64_t kBlocksMax = 10'000'000;

}  // namespace

PrefixCacheConfig read_prefix_cache(const lab::JsonValue& value, PrefixCacheConfig config) {
  lab::JsonObject object = value.as_object();
  config.block_tokens = object.integer("block_tokens", config.block_tokens, 1, kBlockTokensMax);
  config.minimum_tokens =
      object.integer("minimum_tokens", config.minimum_tokens, 0, kMinimumTokensMax);
  config.ttl = object.duration("ttl", config.ttl);
  config.blocks_max = object.integer("blocks_max", config.blocks_max, 1, kBlocksMax);
  object.finish();
  return config;
}

lab::Json to_json(const PrefixCacheConfig& config) {
  return lab::Json{{"block_tokens", config.block_tokens},
                   {"minimum_tokens", config.minimum_tokens},
                   {"ttl", lab::format_duration(config.ttl)},
                   {"blocks_max", config.blocks_max}};
}

}  // namespace mockgw
