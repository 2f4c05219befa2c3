// Which web pages may read what a server of this machine says: a browser sends a page's requests
// with what tells where the page came from.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/runtime/http_message.h"

namespace lab {

/// Whether a Host header's value, with or without a port, is an address, localhost or one of
/// `names`. A page whose name its owner lets lead to this machine (DNS rebinding) is of one origin
/// with the server for a browser; only the name gives it away.
[[nodiscard]] bool is_own_host(std::string_view authority, std::span<const std::string> names);

/// What a request says of a page of another site that sent it (Origin; Sec-Fetch-Site, which
/// browsers send since 2023): "a web page of …"; none if no such page did.
[[nodiscard]] std::optional<std::string> foreign_page(const HttpHeaders& headers);

/// Text of a client's in quotation marks, cut to what fits a message.
[[nodiscard]] std::string quoted_start(std::string_view text);

}  // namespace lab
