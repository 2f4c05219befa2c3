// Reads the two steps that send requests, as the suite file writes them; a part of the flow reader.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/flow.h"
#include "shared/base/value_types.h"

namespace loader {

/// What is wrong with a header field, and with a path; empty: nothing.
[[nodiscard]] std::string field_problem(std::string_view name, std::string_view text);
[[nodiscard]] std::string path_problem(const std::string& path);
inline constexpr lab::TextMapRules kHeaders{
    .problem = field_problem,
    .name_pattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
    .text_pattern = "^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]*$"};
inline constexpr lab::TextRules kPath{.problem = path_problem};

/// Reads a step's "chat" object. Its strings have been expanded.
[[nodiscard]] ChatStep read_chat(const lab::JsonValue& value, const FlowSettings& settings);

[[nodiscard]] lab::Json chat_schema(lab::SchemaPrinter& printer);

/// Reads a step's "http" object.
[[nodiscard]] HttpStep read_http(const lab::JsonValue& value);
void fields(lab::Fields& f, HttpStep& c);

/// Of a step's "expected_statuses": an array of 404s and "200-399"s.
[[nodiscard]] const lab::ValueType& status_ranges_type();

}  // namespace loader
