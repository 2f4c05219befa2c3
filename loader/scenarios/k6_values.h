// The values of k6's options where k6 takes a text for something else: what comes from its
// environment (__ENV.VUS) is a text.
#pragma once

#include <string_view>

#include "shared/base/json_fwd.h"

namespace loader {

/// The member `key` of an options object, a scenario or a stage as k6 reads it: "3" is 3 where a
/// number is wanted, "true" is true where a switch is, "5000" is 5000 milliseconds where a duration
/// is, and an empty text is null in these places. Anything else stays as it is, for the reader to
/// refuse.
[[nodiscard]] lab::Json as_k6_reads(std::string_view key, const lab::Json& value);

/// The same for all members of an object, and for the stages in it; nulls are left out.
[[nodiscard]] lab::Json object_as_k6_reads(const lab::Json& object);

}  // namespace loader
