// Reads the two steps that send requests, as the suite file writes them; a part of the flow reader.
#pragma once

#include "loader/flow/flow.h"

namespace loader {

/// Reads a step's "chat" object. Its strings have been expanded.
[[nodiscard]] ChatStep read_chat(const lab::JsonValue& value, const FlowSettings& settings);

/// Reads a step's "http" object.
[[nodiscard]] HttpStep read_http(const lab::JsonValue& value);

/// Reads a step's "expected_statuses": an array of 404s and "200-399"s.
[[nodiscard]] std::vector<StatusRange> read_status_ranges(const lab::JsonValue& value);

}  // namespace loader
