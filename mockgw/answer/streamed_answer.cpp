#include "mockgw/answer/completion_answer.h"
#include "mockgw/answer/upstream_failure.h"
#include "mockgw/answer/upstream_limits.h"

namespace mockgw {

void answer_streamed(Exchange& exchange) {
  Reply& reply = exchange.reply;
  exchange.script = script_stream(exchange.plan, exchange.config().profile.streaming,
                                  reply.include_usage, reply.faults, std::move(exchange.script));
  const UpstreamLimits limits = limits_of(exchange);
  UpstreamTimes times = upstream_times(exchange.script);
  if (limits.stream_idle) {
    times.silent_since = silent_since(exchange.script, exchange.moment.offset, *limits.stream_idle);
  }
  if (const Fault* fault = reply.faults.find(FaultKind::stream_error_event)) {
    // As where the answer is not streamed.
    reply.condition = ErrorCondition::upstream_5xx;
    exchange.texts =
        stream_texts(exchange, times.end, reply.condition, values_of(exchange, *fault));
  } else {
    exchange.texts = stream_texts(exchange, times.end, std::nullopt, {});
  }
  answer_script(exchange);
  give_up_if_late(exchange, limits, times);
  reply.is_completion =
      reply.kind == Reply::Kind::stream && !reply.faults.has(FaultKind::abort_before_headers);
}

}  // namespace mockgw
