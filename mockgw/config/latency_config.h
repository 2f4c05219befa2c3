// The gateway file's `latency` section: how long answers take when nothing goes wrong.
#pragma once

#include <optional>

#include "mockgw/config/drift.h"
#include "mockgw/config/prefix_cache_config.h"
#include "shared/base/distribution.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace mockgw {

/// TTFT = (ttft + prompt tokens x prefill) x drift; then one itl, times drift, between two tokens.
struct LatencyConfig {
  static constexpr std::string_view kSchemaName = "latency";

  lab::Distribution ttft;                    ///< To the first token, seconds.
  lab::Distribution itl;                     ///< Between two tokens, seconds.
  lab::Duration prefill_per_token{};         ///< Added to TTFT for each prompt token not cached.
  lab::Duration cached_prefill_per_token{};  ///< Added for each prompt token in the cached prefix.
  std::optional<PrefixCacheConfig> prefix_cache{};  ///< Absent: no prompt token is ever cached.
  lab::Distribution other;                          ///< Of every route but chat, seconds.
  Drift drift;

  /// The healthy gateway: TTFT p50 250 ms, p99 900 ms; ITL p50 18 ms, p99 60 ms.
  [[nodiscard]] static LatencyConfig healthy();
  /// No waiting anywhere (--instant).
  [[nodiscard]] static LatencyConfig instant() { return {}; }
  /// The same, with this one's cache: what usage says of it is no time.
  [[nodiscard]] LatencyConfig made_instant() const {
    LatencyConfig latency = instant();
    latency.prefix_cache = prefix_cache;
    return latency;
  }
};

void fields(lab::Fields& f, LatencyConfig& c);

}  // namespace mockgw
