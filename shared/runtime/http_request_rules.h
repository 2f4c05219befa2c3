// What RFC 9112 asks of a request's head beyond its grammar, which Beast checks: how its end is
// found, which host it names, the form of its target. Pure.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/error.h"
#include "shared/runtime/http_message.h"

namespace lab {

/// Why a request with this head must not be read on; clear if it may. Errc::bad_message, or
/// errc::not_supported for a transfer coding other than chunked (RFC 9112, 6.1: status 501).
[[nodiscard]] ErrorCode refusal_of(const HttpRequest& head);

/// The origin-form (or "*") of a target in absolute-form, "http://host/path?query" (RFC 9112,
/// 3.2.2); any other target as it is.
[[nodiscard]] std::string origin_form(std::string_view method, std::string_view target);

/// True if `bytes` begin with a request line that ends in a version of HTTP other than 1.x.
[[nodiscard]] bool names_other_version(std::string_view bytes);

}  // namespace lab
