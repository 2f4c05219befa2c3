#include "mockgw/answer/route_answers.h"

#include <optional>
#include <string>

#include "mockgw/answer/health.h"
#include "mockgw/answer/plain_answer.h"
#include "mockgw/profiles/percent_decoded.h"
#include "shared/protocol/model_list.h"

namespace mockgw {
namespace {

constexpr std::string_view kJson = "application/json";

HealthReport health_report(const Exchange& exchange) {
  const HealthConfig& health = exchange.config().health;
  const bool follows_breaker = health.source == HealthConfig::Source::breaker &&
                               health.status == HealthConfig::Status::healthy;
  if (!follows_breaker) return {.status = health.status};
  return report_of(exchange.state->breakers->snapshots(exchange.moment.now()));
}

}  // namespace

void answer_health(Exchange& exchange) {
  const HealthStyle style = exchange.config().health.style;
  const HealthAnswer health =
      health_answer(style, health_report(exchange), exchange.moment.wall_now());
  answer_body(exchange, health.status, health.content_type, health.body);
}

void answer_models(Exchange& exchange) {
  answer_body(exchange, 200, kJson, exchange.state->models_body);
}

// Clients encode an id's slashes (openai's does), people do not. What a chat may name is found.
void answer_model(Exchange& exchange, std::string_view parameter) {
  const std::optional<std::string> decoded = percent_decoded(parameter);
  const std::string& id = exchange.request.model_name = decoded.value_or(std::string(parameter));
  const ModelConfig* const found = decoded ? exchange.config().models.find(id) : nullptr;
  if (!found) return answer_error(exchange, {.condition = ErrorCondition::model_not_listed});
  const lab::ModelEntry entry{.id = id, .created = found->created, .owned_by = found->owned_by};
  answer_body(exchange, 200, kJson, lab::write_model(entry));
}

void answer_text(Exchange& exchange, std::string_view text) {
  answer_body(exchange, 200, "text/plain; charset=utf-8", text);
}

}  // namespace mockgw
