// One request as --samples writes it down: what was to happen, and what did.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// Views live as long as the call that it is passed to. Each attempt of a retried step is a request
/// of its own; a redirect is part of one.
struct RequestRecord {
  TagSetId tags{};  ///< Scenario, phase, method, name and so on, in the thread's table.
  /// When the iteration should have started; open models only. A request that started late because
  /// the last ones took long is late from here on (coordinated omission).
  std::optional<lab::TimePoint> intended_start{};
  lab::TimePoint start{};
  lab::TimePoint end{};
  std::optional<lab::Duration> time_to_first_token{};  ///< From when it began to go out.
  std::optional<std::int64_t> chunks{};                ///< With content; of a stream.
  unsigned status = 0;                                 ///< 0 if the exchange failed.
  /// "ok", why a chat's answer is none ("missing_done"), "status" or "transport".
  std::string_view outcome{};
  std::uint32_t error_code = 0;  ///< k6's; 0 is none.
  std::uint64_t vu = 0;          ///< From 1; 0 in setup and teardown.
  std::uint64_t iteration = 0;   ///< Of that VU, from 0.
};

}  // namespace loader
