// What every answer that is no stream is made of: a response with the gateway's headers, or the
// profile's error.
#pragma once

#include <optional>
#include <string_view>

#include "mockgw/answer/exchange.h"
#include "mockgw/profiles/profile.h"
#include "shared/base/time.h"

namespace mockgw {

/// Why a request gets an error in the profile's words.
struct Refusal {
  ErrorCondition condition = ErrorCondition::validation;
  PlaceholderValues values{};        ///< What they say beyond what is known of the request.
  std::optional<unsigned> status{};  ///< HTTP's own, instead of the profile's.
};

/// The time that an answer without tokens takes, waiting in the queue and the delay by a fault
/// included.
[[nodiscard]] lab::Duration other_latency(const Exchange& exchange);

/// What a profile's texts may say about this request, whose answer ends `due` after its arrival.
[[nodiscard]] PlaceholderValues placeholders_of(const Exchange& exchange, PlaceholderValues values,
                                                lab::Duration due);

/// Replies with a response, headers of every answer included, whose body is still empty.
void answer_plainly(Exchange& exchange, unsigned status, std::string_view content_type,
                    lab::Duration due);
/// Replies with a response and its body, after other_latency().
void answer_body(Exchange& exchange, unsigned status, std::string_view content_type,
                 std::string_view body);

/// Replies with the profile's error.
void answer_error(Exchange& exchange, Refusal refusal, lab::Duration due);
/// The same, after other_latency().
void answer_error(Exchange& exchange, Refusal refusal);

}  // namespace mockgw
