// One request that is over, for whoever looks at requests one by one: what was to happen, and what
// did.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// k6's phases of a request: http_req_blocked and so on. Those that were not reached are zero.
struct RequestPhases {
  lab::Duration blocked{};  ///< Connecting and TLS are in it.
  lab::Duration connecting{};
  lab::Duration tls_handshaking{};
  lab::Duration sending{};
  lab::Duration waiting{};
  lab::Duration receiving{};
};

/// Views live as long as the call that it is passed to. Each attempt of a retried step is a request
/// of its own; a redirect is part of one, and what is said of one hop is said of the last.
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
  /// As http_req_failed has it. A chat whose answer is wrong within a 200 has not failed so: see
  /// `outcome`.
  bool is_failed = false;
  bool is_chat = false;
  bool is_stream = false;         ///< Asked for as a stream.
  std::string_view request_id{};  ///< X-Request-ID as it was sent; empty: none was.
  std::string_view model{};       ///< That was asked for; of a chat.
  std::string_view host{};        ///< That it went to, as a URL has it: "gateway:8080".
  /// For people: the transport's error, or what the gateway says itself, at most kReasonBytesMax of
  /// it. Empty if it is ok, or nothing was said.
  std::string_view reason{};
  std::optional<std::int64_t> tokens_in{};   ///< usage.prompt_tokens.
  std::optional<std::int64_t> tokens_out{};  ///< As llm_tokens_generated counts them.
  std::string_view token_source{};           ///< "usage", "counted", or empty: no tokens_out.
  RequestPhases phases{};
  std::span<const lab::Duration> inter_token_latencies{};  ///< Of a stream.
};

/// What a gateway says may be long, and is told of every request that it refuses.
inline constexpr std::size_t kReasonBytesMax = 200;

}  // namespace loader
