// JSON as Python shows it, for messages of servers that are written in Python.
#pragma once

#include <string>

#include "shared/base/json_fwd.h"

namespace mockgw {

/// Its repr(): [{'type': 'string'}], [True, None]. Characters beyond ASCII stay as they are.
[[nodiscard]] std::string python_text(const lab::Json& value);

}  // namespace mockgw
