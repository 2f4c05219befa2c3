// The gateway's time-outs for what the batch server decodes: how fast it is turns out only while
// the answer is sent.
#pragma once

#include <optional>
#include <string>

#include "mockgw/chat/upstream_timeout.h"
#include "mockgw/server/answer.h"
#include "mockgw/server/request_context.h"
#include "shared/base/time.h"

namespace mockgw {

/// Kept with an answer that may come too late, to word what takes its place.
struct DecodeLimits {
  UpstreamLimits limits;
  RequestContext context;  ///< Its settlement is the answer's; its model is `model`.
  std::string model;
};

/// Keeps them for `answer`, of a request for `model` as the client named it.
void keep_decode_limits(const RequestContext& context, const UpstreamLimits& limits,
                        Answer& answer);

/// The limit that fires next, of an answer whose last token, if it has any, was there at `last`.
[[nodiscard]] std::optional<UpstreamTimeout> next_decode_timeout(const Answer& answer,
                                                                 std::optional<lab::Duration> last);

/// Makes a buffered answer the profile's for an upstream that is given up.
void give_up_buffered(Answer& answer, const UpstreamTimeout& timeout);

/// The steps that end a stream under way whose upstream is given up; the answer's texts are theirs
/// from then on.
[[nodiscard]] std::vector<StreamStep> give_up_stream(Answer& answer,
                                                     const UpstreamTimeout& timeout);

}  // namespace mockgw
