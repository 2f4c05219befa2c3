// Checks a JSON value against a JSON schema, for the tests of what is made from one.
#pragma once

#include <string>

#include "shared/base/json_fwd.h"

namespace mockgw::test {

/// What is wrong, with the place ("/a/0: …"); empty if the value is valid. Knows the keywords that
/// value_for_schema() follows, `format` apart.
[[nodiscard]] std::string schema_problem(const lab::Json& schema, const lab::Json& value);

}  // namespace mockgw::test
