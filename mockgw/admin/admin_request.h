// The gateway's operator interface: what a method and path below the admin path ask for, and the
// answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mockgw/gateway/gateway.h"
#include "shared/base/time.h"

namespace mockgw {

struct AdminCommand {
  enum class Kind {
    index,           ///< GET: what there is.
    show_config,     ///< GET /config: the resolved file in force.
    replace_config,  ///< PUT /config: puts another file in force.
    show_breakers,   ///< GET /breakers
    show_breaker,    ///< GET /breakers/UPSTREAM
    force_breaker,   ///< POST /breakers/UPSTREAM/open, …/half_open, …/close, …/reset
    show_stats,      ///< GET /stats
    reset,           ///< POST /reset: counters, limits, breakers.
    not_found,
    method_not_allowed,
  };
  Kind kind = Kind::not_found;
  std::string upstream{};               ///< Of a breaker, percent-decoded.
  std::optional<CircuitState> state{};  ///< To be forced; none: by its own counts again.
  std::string_view allow{};             ///< Of method_not_allowed: the methods.
};

/// `path` is what follows the admin path: "" or "/config". HEAD is read as GET.
[[nodiscard]] AdminCommand parse_admin_command(std::string_view method, std::string_view path);

struct AdminReply {
  unsigned status = 200;
  std::string body{};  ///< JSON.
};

/// {"error": {"message": …}}
[[nodiscard]] AdminReply admin_refusal(unsigned status, std::string_view message);

/// Does what is asked. An invalid file is refused with 400 and all its problems, and the old one
/// stays, as with SIGHUP.
[[nodiscard]] AdminReply perform(const AdminCommand& command, std::string_view body,
                                 Gateway& gateway, lab::TimePoint now, lab::WallTime wall_now);

}  // namespace mockgw
