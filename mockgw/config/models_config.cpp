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

void read_limits_of_model(lab::JsonObject& object, ModelConfig& model) {
  if (const auto v = object.find("context_window")) model.context_window = v->as_integer(0);
  if (const auto v = object.find("max_output_tokens")) model.max_output_tokens = v->as_integer(0);
  if (const auto v = object.find("reasoning")) model.reasons = v->as_bool();
}

ModelConfig read_model(const lab::JsonValue& value, ModelConfig model) {
  lab::JsonObject object = value.as_object();
  model.owned_by = object.string("owned_by", model.owned_by);
  model.created = object.integer("created", model.created, 0);
  read_limits_of_model(object, model);
  if (const auto v = object.find("latency")) lab::read_fields(*v, model.latency);
  if (const auto v = object.find("tokens")) lab::read_fields(*v, model.tokens);
  object.finish();
  return model;
}

// A file that speaks of any model only: those that exist without a file are still listed.
std::vector<ModelConfig> default_models_like(const lab::JsonValue& any,
                                             const LatencyConfig& latency,
                                             const TokensConfig& tokens) {
  std::vector<ModelConfig> models;
  for (const std::string_view id : kDefaultModels) {
    models.push_back(read_model(any, default_model(id, latency, tokens)));
  }
  return models;
}

lab::Json write_model(const ModelConfig& model) {
  lab::Json json{{"owned_by", model.owned_by},
                 {"created", model.created},
                 {"latency", lab::write_fields(model.latency)},
                 {"tokens", to_json(model.tokens)}};
  if (model.context_window) json["context_window"] = *model.context_window;
  if (model.max_output_tokens) json["max_output_tokens"] = *model.max_output_tokens;
  if (model.reasons) json["reasoning"] = *model.reasons;
  return json;
}

}  // namespace

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

ModelsConfig read_models(const lab::JsonValue& value, const LatencyConfig& latency,
                         const TokensConfig& tokens) {
  lab::JsonObject object = value.as_object();
  ModelsConfig result;
  for (const auto& [id, member] : object.members()) {
    ModelConfig model = read_model(member, default_model(id, latency, tokens));
    (id == kAny ? result.any : result.models).push_back(std::move(model));
  }
  object.finish();
  if (result.models.empty() && !result.any.empty()) {
    result.models = default_models_like(*object.find(kAny), latency, tokens);
  }
  if (result.models.empty()) value.problem("names no model; at least one, or \"*\", is needed");
  return result;
}

lab::Json to_json(const ModelsConfig& models) {
  lab::Json result = lab::Json::object();
  for (const ModelConfig& model : models.models) result[model.id] = write_model(model);
  for (const ModelConfig& model : models.any) result[std::string(kAny)] = write_model(model);
  return result;
}

}  // namespace mockgw
