// What OpenAI asks of a JSON schema, be it `strict` or not.
#pragma once

#include <string>

#include "shared/base/json_fwd.h"

namespace mockgw {

/// What is wrong with it, in OpenAI's words ("In context=(), 'additionalProperties' is …"); empty
/// if nothing is.
[[nodiscard]] std::string strict_schema_problem(const lab::Json& schema);
/// The same of a function's parameters that are not strict: an object, whose arrays have items.
[[nodiscard]] std::string open_schema_problem(const lab::Json& schema);

}  // namespace mockgw
