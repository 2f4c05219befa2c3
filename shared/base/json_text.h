// Appends JSON values to a text, without a document in between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lab {

/// Appends `text` as a JSON string, quotes included. Invalid UTF-8 is replaced by U+FFFD, so the
/// result always parses.
void append_json_string(std::string& out, std::string_view text);
void append_json_integer(std::string& out, std::int64_t value);
/// The shortest form that reads back equal; `value` must be finite.
void append_json_number(std::string& out, double value);
/// The same digits as Go's encoder places them: with an exponent only below 1e-6 and from 1e21 on.
void append_json_number_as_go(std::string& out, double value);

}  // namespace lab
