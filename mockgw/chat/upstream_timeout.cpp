#include "mockgw/chat/upstream_timeout.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mockgw {
namespace {

using ClientHeader = TimeoutsConfig::ClientHeader;

// A wish beyond this is none; it also keeps the number inside what a duration holds.
constexpr double kWishSecondsMax = 1e6;

std::optional<lab::Duration> wished(ClientHeader header, std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  const double seconds = header == ClientHeader::portkey ? number / 1e3 : number;
  if (seconds <= 0 || seconds > kWishSecondsMax) return std::nullopt;
  return lab::from_seconds(seconds);
}

void shorten(std::optional<lab::Duration>& limit, lab::Duration wish) {
  limit = limit ? std::min(*limit, wish) : wish;
}

// The earliest of those that fire.
class Earliest {
 public:
  void add(lab::Duration since, lab::Duration limit) {
    if (!first_ || since + limit < first_->at) first_ = {limit, since + limit};
  }
  [[nodiscard]] std::optional<UpstreamTimeout> get() const { return first_; }

 private:
  std::optional<UpstreamTimeout> first_;
};

}  // namespace

std::string_view client_header_name(ClientHeader header) {
  switch (header) {
    case ClientHeader::none:
      return {};
    case ClientHeader::litellm:
      return "x-litellm-timeout";
    case ClientHeader::portkey:
      return "x-portkey-request-timeout";
  }
  return {};
}

UpstreamLimits upstream_limits(const TimeoutsConfig& timeouts, std::optional<std::string_view> wish,
                               bool is_stream) {
  UpstreamLimits limits{.request = timeouts.request, .ttft = timeouts.ttft};
  if (is_stream) limits.stream_idle = timeouts.stream_idle;
  if (!wish) return limits;
  const auto wished_limit = wished(timeouts.client_header, *wish);
  if (!wished_limit) return limits;
  const bool is_of_head = timeouts.client_header == ClientHeader::portkey && is_stream;
  shorten(is_of_head ? limits.ttft : limits.request, *wished_limit);
  return limits;
}

std::optional<UpstreamTimeout> upstream_timeout(const UpstreamLimits& limits, lab::Duration called,
                                                const UpstreamTimes& times) {
  Earliest first;
  const auto consider = [&](const std::optional<lab::Duration>& limit, lab::Duration due) {
    if (limit && due - called > *limit) first.add(called, *limit);
  };
  consider(limits.ttft, times.first_token);
  consider(limits.request, times.end);
  if (limits.stream_idle && times.silent_since) first.add(*times.silent_since, *limits.stream_idle);
  return first.get();
}

std::optional<UpstreamTimeout> next_timeout(const UpstreamLimits& limits,
                                            const UpstreamProgress& progress) {
  Earliest first;
  if (limits.ttft && !progress.has_first_token) first.add(progress.called, *limits.ttft);
  if (limits.request) first.add(progress.called, *limits.request);
  if (limits.stream_idle) first.add(progress.last_sign, *limits.stream_idle);
  return first.get();
}

}  // namespace mockgw
