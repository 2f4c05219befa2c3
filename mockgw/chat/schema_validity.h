// Whether a JSON value is valid for a JSON schema: what `if` and `not` are decided by.
#pragma once

#include "shared/base/json_fwd.h"

namespace mockgw {

/// Of the keywords that value_for_schema() follows, and of if, then, else and not. `pattern`,
/// `patternProperties` and `format` hold whatever the text is: a client's expression can take for
/// ever. `root` is the document that references are of. A check that takes more than 100,000 steps
/// or 64 levels is given up, and the value taken for valid.
[[nodiscard]] bool is_valid_for_schema(const lab::Json& root, const lab::Json& schema,
                                       const lab::Json& value);

}  // namespace mockgw
