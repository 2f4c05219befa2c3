// JSON values that are valid for a JSON schema: arguments of tool calls, structured answers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/base/json_fwd.h"
#include "shared/base/rng.h"

namespace mockgw {

/// What a value may cost. A few words of a schema can ask for a million items, each drawn until it
/// differs from those before it.
struct SchemaBudget {
  std::size_t bytes_max = std::size_t{256} << 10;
  /// Members of the schema that are looked at, items that are compared.
  std::size_t steps_max = 120'000;
  std::size_t steps = 0;  ///< What it took.

  /// The value lacks what there was nothing left for.
  [[nodiscard]] bool is_spent() const { return steps > steps_max; }
  /// For a value of which so many tokens will be sent.
  [[nodiscard]] static SchemaBudget of_tokens(std::uint64_t tokens);
};

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
/// more than 32 levels, 256 KiB or the budget gets nulls there, or fewer items, and so an invalid
/// value.
[[nodiscard]] lab::Json value_for_schema(const lab::Json& schema, lab::Rng rng,
                                         SchemaBudget& budget);

}  // namespace mockgw
