// Strings and numbers that a JSON schema allows.
#pragma once

#include <string>

#include "mockgw/chat/schema_view.h"
#include "shared/base/json_fwd.h"
#include "shared/base/rng.h"

namespace mockgw {

/// Words, or what `pattern` or `format` asks for, within minLength and maxLength. A pattern that is
/// not understood (see text_for_pattern) is not followed.
/// At most 4,096 bytes, whatever minLength says.
[[nodiscard]] std::string string_for_schema(const SchemaView& schema, lab::Rng& rng);

/// Within minimum, maximum and their exclusive forms, a multiple of multipleOf.
[[nodiscard]] lab::Json integer_for_schema(const SchemaView& schema, lab::Rng& rng);
[[nodiscard]] lab::Json number_for_schema(const SchemaView& schema, lab::Rng& rng);

/// A member that is a whole number of at least zero, such as minItems; `fallback` if it is not
/// there or something else. Never more than a million.
[[nodiscard]] std::size_t count_in_schema(const SchemaView& schema, std::string_view key,
                                          std::size_t fallback);

}  // namespace mockgw
