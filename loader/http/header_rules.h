// What may become part of a request's head. A line break in a value from outside would let whoever
// wrote it add fields, or end the head.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loader {

/// Whether it is a token (RFC 9110, 5.6.2), as methods and names of fields are.
[[nodiscard]] bool is_token(std::string_view text);

/// The value of an Authorization field (RFC 7617).
[[nodiscard]] std::string basic_authorization(std::string_view user, std::string_view password);

/// Why `name` can't name a field of a step; none if it can. The length and coding of a body are the
/// client's to say: a step that did would break the framing.
[[nodiscard]] std::optional<std::string> header_name_problem(std::string_view name);

/// Why `value` can't be a field's value (RFC 9110, 5.5; Go refuses the same); none if it can. Never
/// shows the value, which may be a key.
[[nodiscard]] std::optional<std::string> header_value_problem(std::string_view value);

/// The same of the field Host, which names a server and nothing else.
[[nodiscard]] std::optional<std::string> host_value_problem(std::string_view value);

}  // namespace loader
