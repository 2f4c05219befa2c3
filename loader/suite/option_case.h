// Names of options as scripts write them: k6 takes them in letters of either case.
#pragma once

#include "shared/base/json_fwd.h"

namespace loader {

/// `options` with k6's own spelling of the names of options, of scenarios' fields and of stages'
/// fields. What is no such name stays as it is, and so does one whose right spelling is there, too.
[[nodiscard]] lab::Json with_k6_case(lab::Json options);

}  // namespace loader
