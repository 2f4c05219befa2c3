// Statuses as a gateway file names several at once: 429, "5xx", "501-599".
#pragma once

#include <string_view>
#include <vector>

#include "shared/base/json_reader.h"

namespace mockgw {

/// Statuses from low to high, 100 to 599: "429", "5xx", "501-599".
struct StatusPattern {
  unsigned low = 0;
  unsigned high = 0;
  friend bool operator==(const StatusPattern&, const StatusPattern&) = default;
};

[[nodiscard]] bool matches(const std::vector<StatusPattern>& patterns, unsigned status);

/// Reads a member that is a list of them; `fallback` if there is none.
[[nodiscard]] std::vector<StatusPattern> read_status_patterns(lab::JsonObject& object,
                                                              std::string_view key,
                                                              std::vector<StatusPattern> fallback);
[[nodiscard]] lab::Json to_json(const std::vector<StatusPattern>& patterns);

}  // namespace mockgw
