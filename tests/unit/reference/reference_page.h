// The reference page of a kind of file, made from its JSON Schema.
#pragma once

#include <string>

#include "shared/base/json_fwd.h"

namespace lab {

/// Markdown: what each key takes, its default, an example and its sentence. Each object has a
/// heading of its own, as has each kind of those that have several.
[[nodiscard]] std::string reference_page(const Json& schema);

}  // namespace lab
