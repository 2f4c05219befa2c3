// A streamed answer as a list of steps, faults included: what is sent, when, and how it ends.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mockgw/chat/chat_plan.h"
#include "mockgw/chat/upstream_timeout.h"
#include "mockgw/faults/fault_rules.h"
#include "mockgw/profiles/profile.h"
#include "shared/base/time.h"

namespace mockgw {

enum class StreamStepKind : std::uint8_t {
  head,                ///< The response's head.
  role,                ///< The first chunk of a choice.
  role_and_tool_call,  ///< Both at once, for a choice's first call.
  tool_call,           ///< A call's id and name; `token` is the first of its arguments.
  content,             ///< One token of a choice, be it of its text or of a call's arguments.
  finish,              ///< The finish_reason chunk of a choice.
  usage,               ///< The chunk without choices.
  done,                ///< [DONE]
  error,               ///< An in-band error.
  malformed,           ///< An event that is not JSON.
  trailer,             ///< The profile's event after [DONE].
  comment,             ///< Keep-alive.
  end,                 ///< The body's proper end. Always a last step, as the following two are.
  close,               ///< The connection's end without the body's.
  reset,               ///< RST.
};

struct StreamStep {
  lab::Duration due{};  ///< After the request's arrival; never before the step in front of it.
  StreamStepKind kind = StreamStepKind::end;
  std::uint16_t choice = 0;  ///< Small, because an answer has as many steps as tokens.
  std::uint32_t token = 0;

  friend bool operator==(const StreamStep&, const StreamStep&) = default;
};

/// Writes the steps of `plan` over `reuse` and returns it. `include_usage` is the request's.
[[nodiscard]] std::vector<StreamStep> script_stream(const ChatPlan& plan,
                                                    const StreamingBehaviour& behaviour,
                                                    bool include_usage, const FaultPlan& faults,
                                                    std::vector<StreamStep> reuse);

/// When the upstream's answer has its first token, and its end; comments are the gateway's own.
[[nodiscard]] UpstreamTimes upstream_times(const std::vector<StreamStep>& script);

/// The last sign of the upstream, called at `called`, before it was silent for longer than `limit`;
/// nothing if it never was.
[[nodiscard]] std::optional<lab::Duration> silent_since(const std::vector<StreamStep>& script,
                                                        lab::Duration called, lab::Duration limit);

/// Gives the upstream up at `at`, before the script's end: what is due later makes way for the
/// profile's end of a stream that failed. Nothing is left of the script if its head is due later.
[[nodiscard]] std::vector<StreamStep> script_given_up(const StreamingBehaviour& behaviour,
                                                      lab::Duration at,
                                                      std::vector<StreamStep> script);

/// The end of a stream under way that fails at `at`.
[[nodiscard]] std::vector<StreamStep> script_failed_end(const StreamingBehaviour& behaviour,
                                                        lab::Duration at);

/// A stream that fails before its first token, told in-band: head, error, the end.
[[nodiscard]] std::vector<StreamStep> script_failed_stream(const StreamingBehaviour& behaviour,
                                                           lab::Duration due,
                                                           std::vector<StreamStep> reuse);

}  // namespace mockgw
