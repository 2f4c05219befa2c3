// The gateway file's `models` section: which models exist and how each differs from the gateway's
// defaults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/config/latency_config.h"
#include "mockgw/config/openai_models.h"
#include "mockgw/config/tokens_config.h"
#include "shared/base/json_reader.h"

namespace mockgw {

/// Resolved: the gateway's own latency and tokens, with the model's overrides on top.
struct ModelConfig {
  static constexpr std::string_view kSchemaName = "model";

  std::string id;
  std::string owned_by = "openai";
  std::int64_t created = 1687882411;  ///< Unix seconds, as GET /v1/models shows it.
  LatencyConfig latency;
  TokensConfig tokens;
  // What the file says; where it does not, OpenAI's own models have OpenAI's limits in profiles
  // that ask for them.
  std::optional<std::int64_t> context_window{};     ///< In tokens; 0 = unlimited.
  std::optional<std::int64_t> max_output_tokens{};  ///< 0 = unlimited.
  /// Takes reasoning_effort. Of OpenAI's models known, of others only if the file says it.
  std::optional<bool> reasons{};
  ModelLimits openai_limits{};  ///< Of OpenAI's model with this id; unlimited for others.

  /// What the file says, else OpenAI's of its model of this name. A model reached by "*" goes by
  /// the name that was asked for.
  [[nodiscard]] ModelLimits limits_like_openai(std::string_view asked_for) const;
};

struct ModelsConfig {
  /// In the file's order; never empty: with "*" alone they are the models of default_models().
  std::vector<ModelConfig> models;
  /// What a model not listed gets: {"*": {}} in the file. Without it, such a model is unknown.
  std::vector<ModelConfig> any;

  /// The listed model, else `any`, else null.
  [[nodiscard]] const ModelConfig* find(std::string_view id) const;
};

void fields(lab::Fields& f, ModelConfig& c);

/// The models that exist when the file names none.
[[nodiscard]] ModelsConfig default_models(const LatencyConfig& latency, const TokensConfig& tokens);
/// {"gpt-4": {"owned_by","created","context_window","max_output_tokens","reasoning",
///            "latency":{…},"tokens":{…}}, "*": {…}}
[[nodiscard]] ModelsConfig read_models(const lab::JsonValue& value, const LatencyConfig& latency,
                                       const TokensConfig& tokens);
/// Of each model what differs from what a model of its name is by default.
[[nodiscard]] lab::Json write_models(const ModelsConfig& models, const LatencyConfig& latency,
                                     const TokensConfig& tokens);

}  // namespace mockgw
