// The name of a JSON document, for headers: to declare functions that take or return one. What they
// do with it needs json.h; what holds one needs owned_json.h.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace lab {

/// Keeps the file's order of keys: scenarios and checks are shown as they were written.
using Json = nlohmann::ordered_json;

}  // namespace lab
