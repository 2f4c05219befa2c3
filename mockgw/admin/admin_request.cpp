#include "mockgw/admin/admin_request.h"

#include <array>

#include "mockgw/admin/gateway_json.h"
#include "mockgw/admin/gateway_view.h"
#include "mockgw/config/gateway_config.h"
#include "mockgw/profiles/percent_decoded.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using Kind = AdminCommand::Kind;

constexpr std::string_view kGet = "GET, HEAD";
constexpr std::string_view kBreakers = "/breakers/";

struct Entry {
  std::string_view method;
  std::string_view path;
  Kind kind;
  std::string_view allow;
  std::string_view what;
};

constexpr auto kEntries = std::to_array<Entry>({
    {"GET", "", Kind::index, kGet, "what there is"},
    {"GET", "/config", Kind::show_config, "GET, HEAD, PUT", "the resolved gateway file in force"},
    {"PUT", "/config", Kind::replace_config, "GET, HEAD, PUT",
     "puts another gateway file in force"},
    {"GET", "/breakers", Kind::show_breakers, kGet, "the circuit breakers"},
    {"GET", "/stats", Kind::show_stats, kGet, "the counters"},
    {"POST", "/reset", Kind::reset, "POST", "counters, limits, breakers and clock begin afresh"},
});

struct Forcing {
  std::string_view word;
  std::optional<CircuitState> state;
};

constexpr auto kForcings = std::to_array<Forcing>({
    {"open", CircuitState::open},
    {"half_open", CircuitState::half_open},
    {"close", CircuitState::closed},
    {"reset", std::nullopt},
});

AdminCommand not_allowed(std::string_view allow) {
  return {.kind = Kind::method_not_allowed, .allow = allow};
}

// UPSTREAM or UPSTREAM/VERB; an upstream's name may hold slashes of its own.
AdminCommand parse_breaker(std::string_view method, std::string_view rest) {
  const std::size_t slash = rest.rfind('/');
  const std::string_view verb = slash == rest.npos ? "" : rest.substr(slash + 1);
  for (const Forcing& forcing : kForcings) {
    if (forcing.word != verb) continue;
    const auto upstream = percent_decoded(rest.substr(0, slash));
    if (!upstream) return {};
    if (method != "POST") return not_allowed("POST");
    return {.kind = Kind::force_breaker, .upstream = *upstream, .state = forcing.state};
  }
  const auto upstream = percent_decoded(rest);
  if (!upstream) return {};
  if (method != "GET") return not_allowed(kGet);
  return {.kind = Kind::show_breaker, .upstream = *upstream};
}

std::string text_of(const lab::Json& json) {
  // A name that is not UTF-8 must not make the answer fail.
  return json.dump(2, ' ', false, lab::Json::error_handler_t::replace) + "\n";
}

AdminReply refusal(unsigned status, std::string_view message,
                   const lab::Json& more = lab::Json::object()) {
  lab::Json error{{"message", message}};
  error.update(more);
  return {status, text_of({{"error", std::move(error)}})};
}

lab::Json index_json() {
  lab::Json index = lab::Json::array();
  for (const Entry& entry : kEntries) {
    index.push_back({{"method", entry.method}, {"path", entry.path}, {"what", entry.what}});
  }
  for (const Forcing& forcing : kForcings) {
    index.push_back({{"method", "POST"},
                     {"path", "/breakers/UPSTREAM/" + std::string(forcing.word)},
                     {"what", forcing.state ? "forces the breaker into a state"
                                            : "the breaker goes by its own counts again"}});
  }
  return index;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

AdminReply replace_config(std::string_view body, Gateway& gateway, lab::TimePoint now) {
  auto config = read_gateway_config(body, "config", gateway.overrides(), FileAccess::refused);
  if (!config) {
    return refusal(400, "the gateway file is invalid; the one in force stays",
                   {{"problems", lines_of(config.error().to_string())}});
  }
  // A file that is shown and put back has no token in it: the one in force stays.
  if (config->admin.token.empty()) config->admin.token = gateway.state()->config.admin.token;
  std::string resolved = text_of(to_json(*config));
  gateway.replace(std::move(*config), now);
  return {200, std::move(resolved)};
}

AdminReply show_breaker(const GatewayView& view, const std::string& upstream) {
  const lab::Json breaker = breaker_json(view, upstream);
  if (!breaker.is_null()) return {200, text_of(breaker)};
  std::string known;
  for (const auto& named : view.breakers) known += (known.empty() ? "" : ", ") + named.first;
  return refusal(404, view.breakers.empty()
                          ? "the gateway file has no circuit_breaker"
                          : "no breaker \"" + upstream + "\"; there are " + known);
}

AdminReply force_breaker(const AdminCommand& command, Gateway& gateway, lab::TimePoint now,
                         lab::WallTime wall_now) {
  const std::shared_ptr<GatewayState> whole = gateway.state();
  const GatewayState& state = *GatewayState::at(whole, gateway.elapsed(now));
  (void)state.breakers->force(command.upstream, command.state, now);
  return show_breaker(view_gateway(gateway, now, wall_now), command.upstream);
}

}  // namespace

AdminCommand parse_admin_command(std::string_view method, std::string_view path) {
  if (method == "HEAD") method = "GET";
  if (path == "/") path = "";
  AdminCommand command;
  for (const Entry& entry : kEntries) {
    if (entry.path != path) continue;
    if (entry.method == method) return {.kind = entry.kind};
    command = not_allowed(entry.allow);
  }
  if (path.starts_with(kBreakers) && path.size() > kBreakers.size()) {
    return parse_breaker(method, path.substr(kBreakers.size()));
  }
  return command;
}

AdminReply admin_refusal(unsigned status, std::string_view message) {
  return refusal(status, message);
}

AdminReply perform(const AdminCommand& command, std::string_view body, Gateway& gateway,
                   lab::TimePoint now, lab::WallTime wall_now) {
  switch (command.kind) {
    case Kind::index:
      return {200, text_of(index_json())};
    case Kind::show_config:
      return {200, text_of(to_json(gateway.state()->config))};
    case Kind::replace_config:
      return replace_config(body, gateway, now);
    case Kind::show_breakers:
      return {200, text_of(breakers_json(view_gateway(gateway, now, wall_now)))};
    case Kind::show_breaker:
      return show_breaker(view_gateway(gateway, now, wall_now), command.upstream);
    case Kind::force_breaker:
      return force_breaker(command, gateway, now, wall_now);
    case Kind::show_stats:
      return {200, text_of(stats_json(view_gateway(gateway, now, wall_now)))};
    case Kind::reset:
      gateway.reset(now);
      return {200, text_of({{"status", "reset"}})};
    case Kind::method_not_allowed:
      return refusal(405, "this takes " + std::string(command.allow));
    case Kind::not_found:
      break;
  }
  return refusal(404, "no such path; GET the admin path itself for those there are");
}

}  // namespace mockgw
