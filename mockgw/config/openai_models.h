// What OpenAI's own models can do, as its documentation of models says.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mockgw {

struct ModelLimits {
  std::int64_t context_window = 0;     ///< Tokens of prompt and answer together; 0 = unlimited.
  std::int64_t max_output_tokens = 0;  ///< 0 = unlimited.
  bool reasons = false;                ///< Takes reasoning_effort.
};

/// Of the model with this id, a dated or tuned version of one included; nothing for other models.
[[nodiscard]] std::optional<ModelLimits> openai_model_limits(std::string_view id);

}  // namespace mockgw
