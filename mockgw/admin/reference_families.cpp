#include "mockgw/admin/reference_families.h"

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "mockgw/admin/family_builder.h"

namespace mockgw {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr const char* kAll = "all";

class ReferenceFamilies {
 public:
  ReferenceFamilies(std::vector<MetricFamily>& families, const GatewayView& view)
      : families_(families), view_(view) {}

  // What the reference gateway itself writes (of requests, only the good ones that are no streams).
  void add_written() {
    add_requests();
    add_tokens();
    add_errors();
  }

  void add_unwritten() {
    add_active();
    add_providers();
    add_rate_limit_hits();
    add_cache();
    add_speed();
  }

 private:
  [[nodiscard]] Family family(MetricType type, std::string_view name, std::string_view help) const {
    return {type, (view_.metrics.prefix + "_").append(name), help};
  }

  [[nodiscard]] std::string provider_of(const std::string& model) const {
    for (const std::string& known : {model, std::string("*")}) {
      const auto found = view_.providers.find(known);
      if (found != view_.providers.end()) return found->second;
    }
    return "unknown";
  }

  void add_requests() {
    Family requests =
        family(MetricType::Counter, "requests_total", "Requests by model, provider and status.");
    Family duration = family(MetricType::Histogram, "request_duration_seconds",
                             "From a request's arrival to its answer's end.");
    for (const auto& [key, chats] : view_.counts.chats) {
      const auto& [model, is_stream] = key;
      const std::string streaming = is_stream ? "true" : "false";
      const Labels labels{{"model", model}, {"provider", provider_of(model)}};
      for (const auto& [status, count] : chats.statuses) {
        Labels all = labels;
        all.push_back({"status", std::to_string(status)});
        all.push_back({"streaming", streaming});
        requests.add(std::move(all), static_cast<double>(count));
      }
      Labels all = labels;
      all.push_back({"streaming", streaming});
      duration.add(std::move(all), chats.duration);
    }
    families_.push_back(requests.take());
    families_.push_back(duration.take());
  }

  void add_tokens() {
    Family tokens = family(MetricType::Counter, "tokens_total", "Tokens by type.");
    for (const auto& [name, model] : view_.counts.models) {
      const Labels labels{{"model", name}, {"provider", provider_of(name)}};
      const auto add = [&](const char* type, std::uint64_t count) {
        Labels all = labels;
        all.push_back({"type", type});
        tokens.add(std::move(all), static_cast<double>(count));
      };
      add("prompt", model.prompt_tokens);
      add("completion", model.completion_tokens);
    }
    families_.push_back(tokens.take());
  }

  // The reference writes the whole message as error_type, a new metric for each; the condition is
  // the same in few words.
  void add_errors() {
    std::map<std::pair<std::string, std::string>, std::uint64_t> counts;
    for (const auto& [key, chats] : view_.counts.chats) {
      const std::string provider = provider_of(std::get<0>(key));
      for (const auto& [name, condition] : kErrorConditions) {
        const std::uint64_t count = chats.errors[static_cast<std::size_t>(condition)];
        if (count > 0) counts[{provider, std::string(name)}] += count;
      }
    }
    Family errors = family(MetricType::Counter, "errors_total", "Errors by provider and type.");
    for (const auto& [key, count] : counts) {
      errors.add({{"provider", key.first}, {"error_type", key.second}}, static_cast<double>(count));
    }
    families_.push_back(errors.take());
  }

  void add_active() {
    families_.push_back(family(MetricType::Gauge, "active_requests", "Requests being answered.")
                            .add({{"provider", kAll}}, static_cast<double>(view_.gauges.in_flight))
                            .take());
  }

  // Breakers by their own name, which is the provider's unless the gateway file asks for another
  // scope; without breakers every provider is well.
  void add_providers() {
    std::map<std::string, CircuitState> states;
    for (const auto& [upstream, breaker] : view_.breakers) states[upstream] = breaker.state;
    if (states.empty()) {
      for (const auto& [model, provider] : view_.providers) states[provider] = CircuitState::closed;
    }
    Family health = family(MetricType::Gauge, "provider_health", "1 healthy, 0 unhealthy.");
    Family breaker =
        family(MetricType::Gauge, "circuit_breaker_state", "0 closed, 1 open, 2 half-open.");
    for (const auto& [name, state] : states) {
      health.add({{"provider", name}}, state == CircuitState::open ? 0 : 1);
      breaker.add({{"provider", name}}, static_cast<double>(state));
    }
    families_.push_back(health.take());
    families_.push_back(breaker.take());
  }

  void add_rate_limit_hits() {
    const auto count_of = [this](ErrorCondition condition) {
      return view_.counts.errors[static_cast<std::size_t>(condition)];
    };
    Family hits =
        family(MetricType::Counter, "rate_limit_hits_total", "Requests refused by limits.");
    const auto add = [&](const char* type, std::uint64_t count) {
      hits.add({{"tenant", kAll}, {"limit_type", type}}, static_cast<double>(count));
    };
    add("requests", count_of(ErrorCondition::rate_limited_requests));
    add("tokens", count_of(ErrorCondition::rate_limited_tokens) +
                      count_of(ErrorCondition::rate_limited_too_large));
    add("concurrency", count_of(ErrorCondition::concurrency_limited));
    families_.push_back(hits.take());
  }

  // The mock answers nothing from a cache of answers.
  void add_cache() {
    families_.push_back(
        family(MetricType::Counter, "cache_operations_total", "Look-ups in the cache of answers.")
            .add({{"operation", "get"}, {"result", "hit"}}, 0)
            .add({{"operation", "get"}, {"result", "miss"}}, 0)
            .take());
  }

  void add_speed() {
    Family ttft = family(MetricType::Histogram, "ttft_seconds", "Time to the first token.");
    Family speed = family(MetricType::Gauge, "tokens_per_second",
                          "Tokens generated for each second of answering.");
    for (const auto& [name, model] : view_.counts.models) {
      const Labels labels{{"model", name}, {"provider", provider_of(name)}};
      ttft.add(labels, model.planned_ttft);
      const double seconds = lab::to_seconds(model.duration.sum);
      const auto tokens = static_cast<double>(model.completion_tokens);
      speed.add(labels, seconds > 0 ? tokens / seconds : 0);
    }
    families_.push_back(ttft.take());
    families_.push_back(speed.take());
  }

  std::vector<MetricFamily>& families_;
  const GatewayView& view_;
};

}  // namespace

void add_reference_families(std::vector<MetricFamily>& families, const GatewayView& view) {
  ReferenceFamilies reference(families, view);
  reference.add_written();
  if (view.metrics.fill_all) reference.add_unwritten();
}

}  // namespace mockgw
