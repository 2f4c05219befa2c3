// How a rate-limit decision is told to the client: headers in the style of a gateway, numbers for
// its error message.
#pragma once

#include <string>

#include "mockgw/profiles/profile_template.h"
#include "mockgw/rate_limit/rate_limiter.h"

namespace mockgw {

/// The headers of an answer, success or 429, in the style asked for. None when no rule applies, or
/// on success when `on_success` is off. Values are true at the moment of the decision; `wall_now`
/// is that moment for unix resets.
[[nodiscard]] HeaderFields rate_limit_headers(const RateLimitDecision& decision,
                                              const RateLimitHeaderOptions& options,
                                              lab::WallTime wall_now);

/// Sets {limit}, {used}, {requested}, {remaining}, {limit_unit}, {limit_kind}, {limit_scope},
/// {retry_after_seconds}, {retry_after_text} and {reset_at} for render_error(). The decision must
/// be a refusal.
void describe_refusal(const RateLimitRefusal& refusal, const RateLimitHeaderOptions& options,
                      lab::WallTime wall_now, PlaceholderValues& values);

/// "tokens per min (TPM)", "requests per day (RPD)", "tokens per 10s".
[[nodiscard]] std::string limit_unit(bool is_tokens, lab::Duration window);

}  // namespace mockgw
