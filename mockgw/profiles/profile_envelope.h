// The error bodies of known gateways, by name.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mockgw/profiles/profile.h"

namespace mockgw {

/// "openai", "refgw", "bifrost", "envoy", "kong", "portkey", "execution_output", "text", "empty".
[[nodiscard]] std::optional<Envelope> named_envelope(std::string_view name);
[[nodiscard]] std::vector<std::string_view> envelope_names();

}  // namespace mockgw
