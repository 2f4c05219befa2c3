// JSON fragments as Go's encoder writes them, appended to a text: what a line per sample can
// afford.
#pragma once

#include <string>
#include <string_view>

namespace loader {

/// A string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
/// A finite number: the shortest digits that read back equal, with an exponent only below 1e-6 and
/// from 1e21 on.
void append_json_number(std::string& out, double value);

}  // namespace loader
