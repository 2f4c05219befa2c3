#include "tests/sweep/random_gateway.h"

#include <string_view>

#include "shared/base/json.h"

namespace lab::test {
namespace {

Json random_latency(Draw& draw) {
  return {{"ttft", {{"exponential", {{"mean", draw.milliseconds(1, 400)}}}}},
          {"itl", {{"uniform", {"1ms", draw.milliseconds(1, 60)}}}}};
}

Json random_match(Draw& draw) {
  Json match = Json::object();
  if (draw.chance(0.7)) match["percent"] = draw.between(1, 60);
  if (draw.chance(0.2)) match["every_nth"] = draw.between(1, 5);
  if (draw.chance(0.2)) match["first_n"] = draw.between(0, 20);
  if (draw.chance(0.2)) match["stream"] = draw.chance(0.5);
  return match;
}

Json random_fault(Draw& draw) {
  const std::string_view kind = draw.one_of(
      {"status", "latency", "slow_headers", "abort_before_headers", "reset_mid_stream",
       "stream_error_event", "truncate_no_done", "stall", "malformed_chunk", "duplicate_chunk",
       "empty_content", "missing_usage", "wrong_content_type", "missing_finish_reason",
       "crlf_framing", "data_no_space", "split_utf8", "keepalive_only"});
  Json fault{{"kind", kind}};
  if (kind == "status") fault["status"] = draw.chance(0.5) ? 429 : 503;
  if (kind == "latency" || kind == "slow_headers") fault["delay"] = draw.milliseconds(1, 3000);
  if (kind == "stall") fault["duration"] = draw.milliseconds(1, 3000);
  Json rule{{"match", random_match(draw)}, {"fault", fault}};
  if (draw.chance(0.2)) {
    rule["active"] = {{"from", draw.milliseconds(0, 3000)}, {"for", draw.milliseconds(100, 4000)}};
  }
  return rule;
}

Json random_faults(Draw& draw) {
  Json faults = Json::array();
  for (std::int64_t i = draw.between(0, 3); i > 0; --i) faults.push_back(random_fault(draw));
  return faults;
}

Json random_rate_limits(Draw& draw) {
  Json rule{{"algorithm", draw.one_of({"token_bucket", "fixed_window", "sliding_window_log",
                                       "sliding_window_counter", "gcra"})},
            {"window", draw.milliseconds(500, 3000)},
            {"requests", draw.between(1, 20)}};
  return {{"rules", {rule}}};
}

Json random_breaker(Draw& draw) {
  Json breaker{{"preset", draw.one_of({"refgw", "refgw-documented", "envoy", "hystrix",
                                       "resilience4j", "litellm", "portkey", "helicone", "kong"})},
               {"open", {{"duration", draw.milliseconds(200, 4000)}}}};
  if (draw.chance(0.3)) breaker["scope"] = draw.one_of({"provider", "model"});
  return breaker;
}

Json random_overload(Draw& draw) {
  Json overload{{"max_concurrency", draw.between(1, 4)},
                {"queue_size", draw.between(0, 3)},
                {"queue_timeout", draw.milliseconds(10, 1000)}};
  if (draw.chance(0.3)) {
    overload["server_model"] = {
        {"batch", {{"slots", draw.between(1, 4)}, {"token_rate", draw.between(20, 2000)}}}};
  }
  return overload;
}

Json random_timeouts(Draw& draw) {
  Json timeouts{{"request", draw.milliseconds(200, 5000)}};
  if (draw.chance(0.5)) timeouts["ttft"] = draw.milliseconds(50, 2000);
  return timeouts;
}

Json random_retries(Draw& draw) {
  return {{"max", draw.between(1, 4)},
          {"base", draw.milliseconds(1, 300)},
          {"streams", draw.chance(0.5)},
          {"honour_retry_after", draw.chance(0.5)}};
}

// What was added after the sections above: drawn last, so that a seed's case stays what it was.
void add_later_sections(Draw& draw, Json& gateway) {
  if (draw.chance(0.3)) gateway["retries"] = random_retries(draw);
  if (draw.chance(0.2)) gateway["timeouts"]["stream_idle"] = draw.milliseconds(20, 2000);
  if (gateway.contains("retries") && gateway.contains("circuit_breaker")) {
    gateway["circuit_breaker"]["failure"]["count_attempts"] = draw.chance(0.5);
  }
}

Json random_phase(Draw& draw) {
  Json set = draw.chance(0.5) ? Json{{"latency", random_latency(draw)}}
                              : Json{{"faults", random_faults(draw)}};
  return {{"at", draw.milliseconds(0, 4000)},
          {"for", draw.milliseconds(100, 3000)},
          {"name", "phase"},
          {"set", set}};
}

}  // namespace

Json random_gateway(Draw draw) {
  Json gateway{{"profile", draw.one_of({"openai", "refgw", "litellm", "envoy", "kong", "portkey"})},
               {"latency", random_latency(draw)},
               {"tokens", {{"output", {{"uniform", {1, draw.between(2, 60)}}}}}},
               {"faults", random_faults(draw)}};
  if (draw.chance(0.3)) gateway["rate_limits"] = random_rate_limits(draw);
  if (draw.chance(0.3)) gateway["overload"] = random_overload(draw);
  if (draw.chance(0.3)) gateway["circuit_breaker"] = random_breaker(draw);
  if (draw.chance(0.2)) gateway["timeouts"] = random_timeouts(draw);
  if (draw.chance(0.2)) gateway["timeline"] = Json::array({random_phase(draw)});
  add_later_sections(draw, gateway);
  return gateway;
}

}  // namespace lab::test
