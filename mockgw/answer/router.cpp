#include "mockgw/answer/router.h"

#include <array>

namespace mockgw {
namespace {

struct Entry {
  std::string_view path;
  Route route;
  std::string_view method;
  std::string_view allow;
  bool is_prefix = false;  // What follows is the parameter.
};

constexpr std::string_view kGet = "GET, HEAD";
constexpr std::string_view kEverything = "GET, HEAD, POST, OPTIONS";

// The busiest first: the table is searched in order.
constexpr auto kRoutes = std::to_array<Entry>({
    {"/v1/chat/completions", Route::chat, "POST", "POST"},
    {"/v1/models", Route::models, "GET", kGet},
    {"/health", Route::health, "GET", kGet},
    {"/healthz", Route::health, "GET", kGet},
    {"/ready", Route::ready, "GET", kGet},
    {"/readyz", Route::ready, "GET", kGet},
    {"/live", Route::live, "GET", kGet},
    {"/health/live", Route::live, "GET", kGet},
    {"/health/liveliness", Route::live, "GET", kGet},
    {"/health/ready", Route::ready, "GET", kGet},
    {"/health/readiness", Route::ready, "GET", kGet},
    {"/health/startup", Route::ready, "GET", kGet},
    {"/livez", Route::live, "GET", kGet},
    {"/v1/models/", Route::model, "GET", kGet, true},
});

bool path_matches(const Entry& entry, std::string_view path) {
  if (!entry.is_prefix) return path == entry.path;
  return path.size() > entry.path.size() && path.starts_with(entry.path);
}

Entry without_version(Entry entry) {
  constexpr std::string_view kVersion = "/v1";
  if (entry.path.starts_with(kVersion)) entry.path.remove_prefix(kVersion.size());
  return entry;
}

bool method_matches(const Entry& entry, std::string_view method) {
  return method == entry.method || (method == "HEAD" && entry.method == "GET");
}

Routing routing_of(const Entry& entry, std::string_view method, std::string_view path) {
  Routing routing{.outcome = Routing::Outcome::found,
                  .route = entry.route,
                  .parameter = entry.is_prefix ? path.substr(entry.path.size()) : "",
                  .allow = entry.allow};
  if (method == "OPTIONS") {
    routing.outcome = Routing::Outcome::options;
  } else if (!method_matches(entry, method)) {
    routing.outcome = Routing::Outcome::method_not_allowed;
  }
  return routing;
}

}  // namespace

Routing find_route(std::string_view method, std::string_view path, bool has_short_paths) {
  // RFC 9110, 9.3.7: about the server as a whole.
  if (method == "OPTIONS" && path == "*") {
    return {.outcome = Routing::Outcome::options, .route = Route::server, .allow = kEverything};
  }
  for (const Entry& entry : kRoutes) {
    if (path_matches(entry, path)) return routing_of(entry, method, path);
    if (!has_short_paths) continue;
    const Entry shorter = without_version(entry);
    if (path_matches(shorter, path)) return routing_of(shorter, method, path);
  }
  return {};
}

}  // namespace mockgw
