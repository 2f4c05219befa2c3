#include "mockgw/answer/upstream_limits.h"

#include "mockgw/answer/upstream_failure.h"

namespace mockgw {

UpstreamLimits limits_of(const Exchange& exchange) {
  const TimeoutsConfig& timeouts = exchange.config().timeouts;
  const bool is_stream = exchange.request.chat->stream;
  if (timeouts.client_header == TimeoutsConfig::ClientHeader::none) {
    return upstream_limits(timeouts, std::nullopt, is_stream);
  }
  const auto wish = exchange.request.headers().find(client_header_name(timeouts.client_header));
  return upstream_limits(timeouts, wish, is_stream);
}

bool give_up_if_late(Exchange& exchange, const UpstreamLimits& limits, const UpstreamTimes& times) {
  const auto timeout = upstream_timeout(limits, exchange.moment.offset, times);
  if (timeout) answer_timeout(exchange, *timeout, exchange.request.chat->stream);
  return timeout.has_value();
}

std::optional<UpstreamTimeout> next_decode_timeout(const Exchange& exchange,
                                                   std::optional<lab::Duration> last) {
  const lab::Duration called = exchange.moment.offset;
  return next_timeout(
      exchange.reply.decode_limits,
      {.called = called, .has_first_token = last.has_value(), .last_sign = last.value_or(called)});
}

void give_up_buffered(Exchange& exchange, const UpstreamTimeout& timeout) {
  answer_timeout(exchange, timeout, false);
  exchange.reply.is_completion = false;
  exchange.reply.call.prompt_tokens = 0;
}

std::vector<StreamStep> give_up_stream(Exchange& exchange, const UpstreamTimeout& timeout) {
  Reply& reply = exchange.reply;
  exchange.texts = timeout_texts(exchange, timeout);
  reply.condition = ErrorCondition::upstream_timeout;
  reply.call.outcome = {.kind = CallOutcome::Kind::timeout};
  return script_failed_end(exchange.config().profile.streaming, timeout.at);
}

}  // namespace mockgw
