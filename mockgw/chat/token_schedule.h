// When each part of an answer is due. Planned at once, before anything is sent, as offsets from the
// request's arrival: a late write shifts nothing after it.
#pragma once

#include <cstddef>
#include <vector>

#include "mockgw/config/latency_config.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"

namespace mockgw {

struct TokenSchedule {
  lab::Duration head{};               ///< A streamed answer's head and role chunk.
  std::vector<lab::Duration> tokens;  ///< By token; every choice sends its token i then.
  lab::Duration end{};  ///< The last chunks of a stream; a buffered answer as a whole.

  [[nodiscard]] lab::Duration first_token() const { return tokens.empty() ? end : tokens.front(); }
};

struct ScheduleRequest {
  std::size_t prompt_tokens = 0;
  std::size_t cached_tokens = 0;  ///< Of the prompt tokens.
  std::size_t tokens = 0;         ///< Of the longest choice.
  double factor = 1;              ///< Drift, on every latency.
  lab::Duration delay{};          ///< Before anything: a fault's latency.
  bool tokens_at_once = false;    ///< No ITL: a batch server spaces the tokens.
  bool head_at_once = false;      ///< The head does not wait for the first token.
};

/// Plans one answer over `reuse` and returns it. An answer without tokens still takes its TTFT.
[[nodiscard]] TokenSchedule plan_schedule(const LatencyConfig& latency,
                                          const ScheduleRequest& request, lab::Rng rng,
                                          TokenSchedule reuse);

}  // namespace mockgw
