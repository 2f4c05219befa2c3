// The keywords of a JSON schema that say what follows from the value itself: if, then, else, not.
#pragma once

#include "mockgw/chat/schema_view.h"
#include "shared/base/json_fwd.h"

namespace mockgw {

/// Whether a layer has any of them.
[[nodiscard]] bool has_conditions(const SchemaView& schema);

/// `schema` without conditions, narrowed down to what they ask of `draft`, a value for it that knew
/// nothing of them: the branches that the draft chooses hold as well, what it chose them by stays
/// as it is, and what `not` forbids to be there is left out. To be made again by it.
[[nodiscard]] lab::Json narrowed_schema(const lab::Json& root, const lab::Json& schema,
                                        const SchemaView& view, const lab::Json& draft);

}  // namespace mockgw
