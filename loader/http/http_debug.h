// Requests and responses as texts to look at: k6's option httpDebug. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/runtime/http_message.h"

namespace loader {

struct HttpOutcome;

enum class HttpDebug : std::uint8_t { off, headers, full };

/// As it goes out, but with simple line ends; the body only with `full`.
[[nodiscard]] std::string shown_request(const lab::HttpRequest& request, std::string_view authority,
                                        HttpDebug debug);
[[nodiscard]] std::string shown_response(const HttpOutcome& outcome, HttpDebug debug);

}  // namespace loader
