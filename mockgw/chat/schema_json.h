// JSON values that are valid for a JSON schema: arguments of tool calls, structured answers.
#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/rng.h"

namespace mockgw {

/// The same value for the same schema and generator state. Followed: type, enum, const, properties,
/// required, additionalProperties, minProperties, maxProperties, items, prefixItems, contains,
/// minContains, minItems, maxItems, uniqueItems, minLength, maxLength, pattern (as far as
/// text_for_pattern() understands it), format, minimum, maximum, exclusiveMinimum,
/// exclusiveMaximum, multipleOf, anyOf and oneOf (the first), allOf, $ref within the schema; the
/// first of patternProperties, where minProperties needs properties without a name of their own.
/// if, then, else and not are followed by drawing until it fits, at most 32 times, so one that
/// almost no value meets may not be met; a `pattern` within if or not is not looked at.
/// Not followed: propertyNames, maxContains, dependentRequired, dependentSchemas.
///
/// All properties are given down to a depth of 6 levels or 64 KiB, and beyond that only what the
/// schema requires, in its shortest form, so that recursive schemas end. A schema that requires
/// more than 32 levels or 256 KiB gets nulls there, and so an invalid value.
[[nodiscard]] lab::Json value_for_schema(const lab::Json& schema, lab::Rng rng);

}  // namespace mockgw
