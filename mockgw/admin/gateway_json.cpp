#include "mockgw/admin/gateway_json.h"

#include <algorithm>

#include "shared/base/json.h"

namespace mockgw {
namespace {

lab::Json breaker_json(const GatewayView& view, const std::string& upstream,
                       const CircuitSnapshot& breaker) {
  lab::Json json{{"upstream", upstream},
                 {"state", to_string(breaker.state)},
                 {"forced", breaker.is_forced},
                 {"since", lab::format_rfc3339(view.wall_now - (view.now - breaker.since))},
                 {"open_until", nullptr},
                 {"retry_in", nullptr},
                 {"calls", breaker.totals.calls},
                 {"failures", breaker.totals.failures},
                 {"slow", breaker.totals.slow},
                 {"opened_total", breaker.opened_total},
                 {"half_opened_total", breaker.half_opened_total},
                 {"closed_total", breaker.closed_total},
                 {"refused_total", breaker.refused_total}};
  if (breaker.retry_in) {
    json["open_until"] = lab::format_rfc3339(view.wall_now + *breaker.retry_in);
    json["retry_in"] = lab::format_duration(*breaker.retry_in);
  }
  return json;
}

lab::Json requests_json(const RequestCounts& counts) {
  lab::Json requests = lab::Json::array();
  for (const auto& [key, count] : counts.requests) {
    const auto& [route, model, status] = key;
    requests.push_back({{"route", route},
                        {"model", model.empty() ? lab::Json() : lab::Json(model)},
                        {"status", status},
                        {"count", count}});
  }
  return requests;
}

lab::Json models_json(const RequestCounts& counts) {
  lab::Json models = lab::Json::object();
  for (const auto& [name, model] : counts.models) {
    models[name] = {{"completions", model.duration.count()},
                    {"prompt_tokens", model.prompt_tokens},
                    {"completion_tokens", model.completion_tokens}};
  }
  return models;
}

// Those that happened.
lab::Json errors_json(const RequestCounts& counts) {
  lab::Json errors = lab::Json::object();
  for (const auto& [name, condition] : kErrorConditions) {
    const std::uint64_t count = counts.errors[static_cast<std::size_t>(condition)];
    if (count > 0) errors[std::string(name)] = count;
  }
  return errors;
}

lab::Json faults_json(const RequestCounts& counts) {
  lab::Json faults = lab::Json::object();
  for (const auto& [rule, count] : counts.faults) faults[rule] = count;
  return faults;
}

struct Totals {
  std::uint64_t requests = 0;
  std::uint64_t successes = 0;  ///< Status 2xx.
};

Totals totals_of(const RequestCounts& counts) {
  Totals totals;
  for (const auto& [key, count] : counts.requests) {
    const unsigned status = std::get<unsigned>(key);
    totals.requests += count;
    if (status >= 200 && status < 300) totals.successes += count;
  }
  return totals;
}

}  // namespace

// The first four are what gateways of this kind show under /admin/stats.
lab::Json stats_json(const GatewayView& view) {
  const Totals totals = totals_of(view.counts);
  lab::Json json{{"active_requests", view.gauges.in_flight},
                 {"total_requests", totals.requests},
                 {"success_rate", nullptr},
                 {"avg_latency_ms", nullptr}};
  if (totals.requests > 0) {
    const auto requests = static_cast<double>(totals.requests);
    json["success_rate"] = static_cast<double>(totals.successes) / requests;
    json["avg_latency_ms"] = lab::to_milliseconds(view.counts.duration) / requests;
  }
  json["uptime_seconds"] = lab::to_seconds(view.uptime);
  json["phase"] = view.phase ? lab::Json(*view.phase) : lab::Json();
  json["requests"] = requests_json(view.counts);
  json["errors"] = errors_json(view.counts);
  json["faults"] = faults_json(view.counts);
  json["upstream_retries"] = view.counts.retries;
  json["client_disconnects"] = view.counts.cut_by_client;
  json["models"] = models_json(view.counts);
  json["connections"] = {{"open", view.gauges.connections_open},
                         {"accepted", view.counts.connections_accepted},
                         {"turned_away", view.counts.connections_turned_away}};
  json["queue"] = {{"running", view.queue.running}, {"waiting", view.queue.waiting}};
  json["breakers"] = breakers_json(view);
  return json;
}

lab::Json breakers_json(const GatewayView& view) {
  lab::Json breakers = lab::Json::array();
  for (const auto& [upstream, breaker] : view.breakers) {
    breakers.push_back(breaker_json(view, upstream, breaker));
  }
  return breakers;
}

lab::Json breaker_json(const GatewayView& view, std::string_view upstream) {
  const auto found =
      std::ranges::find(view.breakers, upstream, [](const auto& named) { return named.first; });
  return found == view.breakers.end() ? lab::Json()
                                      : breaker_json(view, found->first, found->second);
}

}  // namespace mockgw
