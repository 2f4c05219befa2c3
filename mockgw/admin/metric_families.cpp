#include "mockgw/admin/metric_families.h"

#include <prometheus/text_serializer.h>

#include "mockgw/admin/family_builder.h"
#include "mockgw/admin/reference_families.h"

namespace mockgw {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view kPrefix = "mockgw_";

Family counter(std::string_view name, std::string_view help) {
  return {MetricType::Counter, std::string(kPrefix).append(name), help};
}
Family gauge(std::string_view name, std::string_view help) {
  return {MetricType::Gauge, std::string(kPrefix).append(name), help};
}
Family histogram(std::string_view name, std::string_view help) {
  return {MetricType::Histogram, std::string(kPrefix).append(name), help};
}

void add_process(std::vector<MetricFamily>& families, const GatewayView& view) {
  families.push_back(gauge("build_info", "1, with the version as a label.")
                         .add({{"version", LAB_VERSION}}, 1)
                         .take());
  families.push_back(gauge("uptime_seconds", "Since the gateway's start.")
                         .add({}, lab::to_seconds(view.uptime))
                         .take());
}

void add_requests(std::vector<MetricFamily>& families, const RequestCounts& counts) {
  Family requests =
      counter("requests_total", "Requests answered; status 0 is a reset instead of an answer.");
  for (const auto& [key, count] : counts.requests) {
    const auto& [route, model, status] = key;
    requests.add({{"route", route}, {"model", model}, {"status", std::to_string(status)}},
                 static_cast<double>(count));
  }
  families.push_back(requests.take());

  Family errors = counter("errors_total",
                          "Requests refused or failed, by the condition that the profile words.");
  for (const auto& [name, condition] : kErrorConditions) {
    const std::uint64_t count = counts.errors[static_cast<std::size_t>(condition)];
    errors.add({{"condition", std::string(name)}}, static_cast<double>(count));
  }
  families.push_back(errors.take());

  Family faults =
      counter("faults_injected_total", "Requests that a fault rule hit, each attempt anew.");
  for (const auto& [rule, count] : counts.faults) {
    faults.add({{"rule", rule}}, static_cast<double>(count));
  }
  families.push_back(faults.take());
  families.push_back(counter("upstream_retries_total", "Attempts after a request's first.")
                         .add(counts.retries)
                         .take());
  families.push_back(counter("client_disconnects_total", "Answers that the client did not take.")
                         .add(counts.cut_by_client)
                         .take());
}

void add_connections(std::vector<MetricFamily>& families, const GatewayView& view) {
  families.push_back(gauge("requests_in_flight", "Requests being answered, those in the queue too.")
                         .add({}, static_cast<double>(view.gauges.in_flight))
                         .take());
  families.push_back(gauge("connections_open", "Client connections.")
                         .add({}, static_cast<double>(view.gauges.connections_open))
                         .take());
  families.push_back(counter("connections_total", "Client connections accepted.")
                         .add(view.counts.connections_accepted)
                         .take());
  families.push_back(
      counter("connections_turned_away_total", "Of those, closed at once: too many were open.")
          .add(view.counts.connections_turned_away)
          .take());
  families.push_back(gauge("queue_length", "Requests that wait for a slot.")
                         .add({}, static_cast<double>(view.queue.waiting))
                         .take());
  families.push_back(gauge("slots_used", "Requests in a slot; 0 when concurrency is not limited.")
                         .add({}, static_cast<double>(view.queue.running))
                         .take());
}

void add_models(std::vector<MetricFamily>& families, const RequestCounts& counts) {
  Family tokens = counter("tokens_total", "Tokens of prompts, and those generated and sent.");
  Family ttft = histogram("planned_time_to_first_token_seconds",
                          "What was decided, from the request's arrival on, queueing included.");
  Family planned =
      histogram("planned_duration_seconds", "The end of the answer, as it was decided.");
  Family duration = histogram("duration_seconds",
                              "The end of the same answers, as it was: later by what a slow client "
                              "or an overloaded mock adds.");
  for (const auto& [name, model] : counts.models) {
    tokens.add({{"model", name}, {"type", "prompt"}}, static_cast<double>(model.prompt_tokens));
    tokens.add({{"model", name}, {"type", "completion"}},
               static_cast<double>(model.completion_tokens));
    ttft.add({{"model", name}}, model.planned_ttft);
    planned.add({{"model", name}}, model.planned_duration);
    duration.add({{"model", name}}, model.duration);
  }
  for (Family* family : {&tokens, &ttft, &planned, &duration}) families.push_back(family->take());
}

void add_breakers(std::vector<MetricFamily>& families, const GatewayView& view) {
  Family state = gauge("circuit_breaker_state", "0 closed, 1 open, 2 half-open.");
  Family transitions = counter("circuit_breaker_transitions_total", "Changes into a state.");
  Family refused = counter("circuit_breaker_refused_total", "Calls that the breaker refused.");
  for (const auto& [upstream, breaker] : view.breakers) {
    state.add({{"upstream", upstream}}, static_cast<double>(breaker.state));
    const auto into = [&](std::string_view to, std::int64_t count) {
      transitions.add({{"upstream", upstream}, {"to", std::string(to)}},
                      static_cast<double>(count));
    };
    into("closed", breaker.closed_total);
    into("open", breaker.opened_total);
    into("half_open", breaker.half_opened_total);
    refused.add({{"upstream", upstream}}, static_cast<double>(breaker.refused_total));
  }
  for (Family* family : {&state, &transitions, &refused}) families.push_back(family->take());
}

}  // namespace

std::vector<MetricFamily> metric_families(const GatewayView& view) {
  std::vector<MetricFamily> families;
  add_process(families, view);
  add_requests(families, view.counts);
  add_connections(families, view);
  add_models(families, view.counts);
  add_breakers(families, view);
  if (!view.metrics.prefix.empty()) add_reference_families(families, view);
  // A family without a metric yet would be a name and a help text for nothing.
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  return families;
}

std::string metrics_text(const GatewayView& view) {
  const prometheus::Serializer& serializer = prometheus::TextSerializer();
  return serializer.Serialize(metric_families(view));
}

}  // namespace mockgw
