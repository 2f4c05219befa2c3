// When a gateway gives up the upstream that it waits for.
#pragma once

#include <optional>
#include <string_view>

#include "mockgw/config/server_config.h"
#include "shared/base/time.h"

namespace mockgw {

/// What one call of an upstream may take; an absent limit never fires.
struct UpstreamLimits {
  std::optional<lab::Duration> request{};      ///< From the call to the answer's end.
  std::optional<lab::Duration> ttft{};         ///< From the call to the first token.
  std::optional<lab::Duration> stream_idle{};  ///< Without a sign of a stream, from the call on.

  [[nodiscard]] bool any() const { return request || ttft || stream_idle; }
};

/// The name of the header that a client may ask by; empty for none.
[[nodiscard]] std::string_view client_header_name(TimeoutsConfig::ClientHeader header);

/// The gateway's own limits and the client's wish together: the shorter one counts. `wish` is the
/// value of that header, if the request has it; what is no number above 0 is ignored. Portkey's
/// ends with the upstream's head, which a stream sends with its first token.
[[nodiscard]] UpstreamLimits upstream_limits(const TimeoutsConfig& timeouts,
                                             std::optional<std::string_view> wish, bool is_stream);

/// Of an upstream's answer, after the request's arrival.
struct UpstreamTimes {
  lab::Duration first_token{};
  lab::Duration end{};
  /// The last sign before a stream was silent for longer than `stream_idle`, if it was.
  std::optional<lab::Duration> silent_since{};
};

struct UpstreamTimeout {
  lab::Duration limit{};  ///< The one that fires.
  lab::Duration at{};     ///< After the request's arrival.
};

/// The first limit that an upstream breaks which is called so long after the request's arrival;
/// nothing when its answer is in time.
[[nodiscard]] std::optional<UpstreamTimeout> upstream_timeout(const UpstreamLimits& limits,
                                                              lab::Duration called,
                                                              const UpstreamTimes& times);

/// How far an answer has come of which nobody knows how fast it goes on.
struct UpstreamProgress {
  lab::Duration called{};
  bool has_first_token = false;
  lab::Duration last_sign{};  ///< `called`, before the first.
};

/// The limit that fires next if nothing more comes.
[[nodiscard]] std::optional<UpstreamTimeout> next_timeout(const UpstreamLimits& limits,
                                                          const UpstreamProgress& progress);

}  // namespace mockgw
