#include "mockgw/chat/upstream_timeout.h"

namespace mockgw {

std::optional<UpstreamTimeout> upstream_timeout(const TimeoutsConfig& timeouts,
                                                lab::Duration called, const UpstreamTimes& times) {
  std::optional<UpstreamTimeout> first;
  const auto consider = [&](const std::optional<lab::Duration>& limit, lab::Duration due) {
    if (!limit || due - called <= *limit) return;
    if (!first || *limit < first->limit) first = {*limit, called + *limit};
  };
  consider(timeouts.ttft, times.first_token);
  consider(timeouts.request, times.end);
  return first;
}

}  // namespace mockgw
