// The gateway file's `models` section: which models exist and how each differs from the gateway's
// defaults.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/config/latency_config.h"
#include "mockgw/config/tokens_config.h"
#include "shared/base/json_reader.h"

namespace mockgw {

/// Resolved: the gateway's own latency and tokens, with the model's overrides on top.
struct ModelConfig {
  std::string id;
  std::string owned_by = "openai";
  std::int64_t created = 1687882411;  ///< Unix seconds, as GET /v1/models shows it.
  LatencyConfig latency;
  TokensConfig tokens;
};

struct ModelsConfig {
  /// In the file's order; never empty: with "*" alone they are the models of default_models().
  std::vector<ModelConfig> models;
  /// What a model not listed gets: {"*": {}} in the file. Without it, such a model is unknown.
  std::vector<ModelConfig> any;

  /// The listed model, else `any`, else null.
  [[nodiscard]] const ModelConfig* find(std::string_view id) const;
};

/// The models that exist when the file names none.
[[nodiscard]] ModelsConfig default_models(const LatencyConfig& latency, const TokensConfig& tokens);
/// {"gpt-4": {"owned_by","created","latency":{…},"tokens":{…}}, "*": {…}}
[[nodiscard]] ModelsConfig read_models(const lab::JsonValue& value, const LatencyConfig& latency,
                                       const TokensConfig& tokens,
                                       FileAccess files = FileAccess::allowed);
[[nodiscard]] lab::Json to_json(const ModelsConfig& models);

}  // namespace mockgw
