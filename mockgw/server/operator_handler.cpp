#include "mockgw/server/operator_handler.h"

#include "mockgw/admin/admin_request.h"
#include "mockgw/admin/gateway_view.h"
#include "mockgw/admin/metric_families.h"
#include "mockgw/admin/operator_access.h"

namespace mockgw {
namespace {

void answer_refusal(const OperatorRefusal& refusal, lab::HttpResponse& response) {
  response.status = refusal.status;
  response.headers.add("content-type", "application/json");
  if (refusal.status == 401) response.headers.add("www-authenticate", "Bearer");
  response.body = admin_refusal(refusal.status, refusal.message).body;
}

void answer_metrics(Gateway& gateway, Exchange& exchange) {
  lab::HttpResponse& response = exchange.response;
  const lab::HttpRequest& request = *exchange.request.http;
  if (const auto refusal = refuse_metrics(request.headers)) {
    return answer_refusal(*refusal, response);
  }
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.headers.add("allow", "GET, HEAD");
    return;
  }
  const Moment& moment = exchange.moment;
  response.headers.add("content-type", kMetricsContentType);
  response.body = metrics_text(view_gateway(gateway, moment.now(), moment.wall_now()));
}

void answer_admin(Gateway& gateway, Exchange& exchange, const AdminCommand& command) {
  lab::HttpResponse& response = exchange.response;
  const Moment& moment = exchange.moment;
  AdminReply reply =
      perform(command, exchange.request.http->body, gateway, moment.now(), moment.wall_now());
  response.status = reply.status;
  response.headers.add("content-type", "application/json");
  if (!command.allow.empty()) response.headers.add("allow", command.allow);
  response.body = std::move(reply.body);
}

}  // namespace

std::optional<OperatorRoute> find_operator_route(const GatewayConfig& config,
                                                 std::string_view path) {
  const OperatorConfig& metrics = config.metrics.page;
  if (metrics.is_enabled && path == metrics.path) return OperatorRoute{};
  const OperatorConfig& admin = config.admin.page;
  if (!admin.is_enabled || !path.starts_with(admin.path)) return std::nullopt;
  const std::string_view rest = path.substr(admin.path.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  return OperatorRoute{.kind = OperatorRoute::Kind::admin, .rest = rest};
}

void answer_operator(Gateway& gateway, Exchange& exchange, const OperatorRoute& route,
                     bool is_on_loopback) {
  exchange.is_operators = true;
  if (route.kind == OperatorRoute::Kind::metrics) return answer_metrics(gateway, exchange);
  const lab::HttpRequest& request = *exchange.request.http;
  const std::shared_ptr<GatewayState> whole = gateway.state();
  if (const auto refusal = refuse_admin(request.headers, whole->config.admin, is_on_loopback)) {
    return answer_refusal(*refusal, exchange.response);
  }
  answer_admin(gateway, exchange, parse_admin_command(request.method, route.rest));
}

void answer_large_admin_body(Exchange& exchange) {
  exchange.is_operators = true;
  constexpr std::uint64_t kMegabytes = kAdminBodyBytesMax >> 20;
  answer_refusal(
      {413, "a gateway file that is put in force may have " + std::to_string(kMegabytes) + " MiB"},
      exchange.response);
}

}  // namespace mockgw
