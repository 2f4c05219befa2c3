// Applies content codings to a request's body.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

/// `codings` is a list such as "gzip, br", applied in that order, which is what Content-Encoding
/// then says. Fails on a coding that is not known.
[[nodiscard]] lab::Result<std::string> encode_body(std::string_view body, std::string_view codings);

}  // namespace loader
