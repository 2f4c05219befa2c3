// The token counts of one answer.
#pragma once

#include <cstdint>

namespace lab {

struct Usage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::int64_t cached_tokens = 0;     ///< Of prompt_tokens.
  std::int64_t reasoning_tokens = 0;  ///< Of completion_tokens.

  [[nodiscard]] std::int64_t total_tokens() const { return prompt_tokens + completion_tokens; }
  friend bool operator==(const Usage&, const Usage&) = default;
};

}  // namespace lab
