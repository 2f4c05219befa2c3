// What may stand in a header field (RFC 9110, 5.1 and 5.5). A file or a request that could write a
// line break there would write a second answer.
#pragma once

#include <string>
#include <string_view>

namespace mockgw {

/// What is wrong with a field of a file, in words; empty if nothing. A field that the connection
/// writes itself (Content-Length and the like) is wrong too.
[[nodiscard]] std::string header_problem(std::string_view name, std::string_view value);

/// The same for a value alone.
[[nodiscard]] std::string header_value_problem(std::string_view value);

/// Appends a value that came with a request; bytes that no field may hold become spaces.
void append_header_value(std::string& out, std::string_view value);

}  // namespace mockgw
