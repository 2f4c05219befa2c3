#include "mockgw/config/models_config.h"

#include <array>

#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr std::string_view kAny = "*";

// The four models of the stress suite, and the two that most clients default to.
constexpr auto kDefaultModels =
    std::to_array<std::string_view>({"gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4o-mini",
                                     "claude-3-sonnet-20240229", "claude-3-haiku-20240307"});

ModelConfig default_model(std::string_view id, const LatencyConfig& latency,
                          const TokensConfig& tokens) {
  ModelConfig model;
  model.id = id;
  if (id.starts_with("claude")) model.owned_by = "anthropic";
  model.latency = latency;
  model.tokens = tokens;
  if (const auto limits = openai_model_limits(id)) {
    model.openai_limits = *limits;
    model.reasons = limits->reasons;
  }
  return model;
}

// A file that speaks of any model only: those that exist without a file are still listed.
std::vector<ModelConfig> default_models_like(const lab::JsonValue& any,
                                             const LatencyConfig& latency,
                                             const TokensConfig& tokens) {
  std::vector<ModelConfig> models;
  for (const std::string_view id : kDefaultModels) {
    lab::read_fields(any, models.emplace_back(default_model(id, latency, tokens)));
  }
  return models;
}

}  // namespace

ModelLimits ModelConfig::limits_like_openai(std::string_view asked_for) const {
  const ModelLimits own =
      id == kAny ? openai_model_limits(asked_for).value_or(ModelLimits{}) : openai_limits;
  return {.context_window = context_window.value_or(own.context_window),
          .max_output_tokens = max_output_tokens.value_or(own.max_output_tokens),
          .reasons = reasons.value_or(own.kind == ModelKind::other || own.reasons),
          .kind = own.kind};
}

const ModelConfig* ModelsConfig::find(std::string_view id) const {
  for (const ModelConfig& model : models) {
    if (model.id == id) return &model;
  }
  return any.empty() ? nullptr : &any.front();
}

ModelsConfig default_models(const LatencyConfig& latency, const TokensConfig& tokens) {
  ModelsConfig result;
  for (const std::string_view id : kDefaultModels) {
    result.models.push_back(default_model(id, latency, tokens));
  }
  return result;
}

void fields(lab::Fields& f, ModelConfig& c) {
  f("owned_by", c.owned_by,
    lab::Says("Also its provider, for the circuit breaker.")
        .by_default("anthropic for names that begin with claude, openai for others"));
  f("created", c.created, lab::at_least(0), "Unix time.");
  f("context_window", c.context_window, lab::at_least(0),
    lab::Says("Tokens of prompt and answer together; 0 = unlimited.")
        .by_default("OpenAI's, of its own models"));
  f("max_output_tokens", c.max_output_tokens, lab::at_least(0),
    lab::Says("What max_tokens may be; 0 = unlimited.").by_default("OpenAI's, of its own models"));
  f("reasoning", c.reasons,
    lab::Says("Whether it takes reasoning_effort.")
        .by_default("as OpenAI's own models do, true for others"));
  f("latency", c.latency, "Where it differs from all models' latency.");
  f("tokens", c.tokens, "Where they differ from all models' tokens.");
}

ModelsConfig read_models(const lab::JsonValue& value, const LatencyConfig& latency,
                         const TokensConfig& tokens) {
  lab::JsonObject object = value.as_object();
  ModelsConfig result;
  for (const auto& [id, member] : object.members()) {
    auto& list = id == kAny ? result.any : result.models;
    lab::read_fields(member, list.emplace_back(default_model(id, latency, tokens)));
  }
  if (result.models.empty() && !result.any.empty()) {
    result.models = default_models_like(*object.find(kAny), latency, tokens);
  }
  if (result.models.empty()) value.problem("names no model; at least one, or \"*\", is needed");
  return result;
}

lab::Json write_models(const ModelsConfig& models, const LatencyConfig& latency,
                       const TokensConfig& tokens) {
  lab::Json result = lab::Json::object();
  const auto write = [&](const std::string& key, const ModelConfig& model) {
    const ModelConfig base = default_model(key, latency, tokens);
    const auto change = lab::StructType::of<ModelConfig>().write_change(&model, &base);
    result[key] = change.value_or(lab::Json::object());
  };
  for (const ModelConfig& model : models.models) write(model.id, model);
  for (const ModelConfig& model : models.any) write(std::string(kAny), model);
  return result;
}

}  // namespace mockgw
