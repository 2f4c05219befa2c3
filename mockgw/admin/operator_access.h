// Who may use the operator's routes: not a web page that a browser on this machine shows, and
// nobody from afar without the token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mockgw/config/server_config.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

struct OperatorRefusal {
  unsigned status = 403;
  std::string message{};
};

/// Why a request of an operator's route is refused. Whatever the route, no web page but the
/// gateway's own may have sent it (Origin; Sec-Fetch-Site, which browsers send since 2023).
/// `/metrics`, which tells counts and changes nothing, asks for no more, so that a Prometheus of
/// another host reads it.
[[nodiscard]] std::optional<OperatorRefusal> refuse_metrics(const lab::HttpHeaders& headers);

/// The same for /admin, which also asks that Host is an address, localhost or one of `hosts`: a
/// page whose name its owner lets lead here (DNS rebinding) is of its own origin. And for the
/// token, if there is one; off the loopback addresses there must be.
[[nodiscard]] std::optional<OperatorRefusal> refuse_admin(const lab::HttpHeaders& headers,
                                                          const AdminConfig& config,
                                                          bool is_on_loopback);

}  // namespace mockgw
