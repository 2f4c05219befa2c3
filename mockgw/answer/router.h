// Which of the gateway's answers a method and path ask for.
#pragma once

#include <string_view>

namespace mockgw {

enum class Route {
  health,  ///< GET /health, /healthz
  ready,   ///< GET /ready, /readyz, and as other gateways spell it: /health/ready, …/readiness
  live,    ///< GET /live, /livez; /health/live, …/liveliness
  models,  ///< GET /v1/models
  model,   ///< GET /v1/models/{id}
  chat,    ///< POST /v1/chat/completions
  server,  ///< OPTIONS *
};

struct Routing {
  enum class Outcome { found, not_found, method_not_allowed, options };
  Outcome outcome = Outcome::not_found;
  Route route = Route::health;   ///< Unless not_found.
  std::string_view parameter{};  ///< What {id} stands for, as on the wire.
  std::string_view allow{};      ///< The Allow header's value, unless not_found.
};

/// `path` is a target's path without the query. HEAD is let in where GET is, and OPTIONS
/// everywhere. With `has_short_paths` what is under /v1 is there without it as well.
[[nodiscard]] Routing find_route(std::string_view method, std::string_view path,
                                 bool has_short_paths = false);

}  // namespace mockgw
