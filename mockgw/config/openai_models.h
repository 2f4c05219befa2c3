// What OpenAI's own models can do, as its documentation of models says.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mockgw {

/// What a request may ask of it.
enum class ModelKind : std::uint8_t {
  other,    ///< Not OpenAI's.
  text,     ///< Takes no images, and no JSON schema for its answer.
  chat,     ///< Takes both.
  o1,       ///< Reasons, and takes nothing about sampling …
  o3,       ///< … nor `stop`.
  gpt_5,    ///< Reasons unless told not to, and takes nothing about sampling while it does.
  gpt_5_1,  ///< The same, but reasons only if told to.
};

struct ModelLimits {
  std::int64_t context_window = 0;     ///< Tokens of prompt and answer together; 0 = unlimited.
  std::int64_t max_output_tokens = 0;  ///< 0 = unlimited.
  bool reasons = false;                ///< Takes reasoning_effort.
  ModelKind kind = ModelKind::other;
};

/// Of the model with this id, a dated or tuned version of one included; nothing for other models.
[[nodiscard]] std::optional<ModelLimits> openai_model_limits(std::string_view id);

}  // namespace mockgw
