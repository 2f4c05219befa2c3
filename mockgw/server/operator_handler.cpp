#include "mockgw/server/operator_handler.h"

#include "mockgw/admin/admin_request.h"
#include "mockgw/admin/gateway_view.h"
#include "mockgw/admin/metric_families.h"
#include "mockgw/server/operator_access.h"

namespace mockgw {
namespace {

void answer_refusal(const OperatorRefusal& refusal, lab::HttpResponse& response) {
  response.status = refusal.status;
  response.headers.add("content-type", "application/json");
  if (refusal.status == 401) response.headers.add("www-authenticate", "Bearer");
  response.body = admin_refusal(refusal.status, refusal.message).body;
}

void answer_metrics(Gateway& gateway, const OperatorRequest& request, lab::HttpResponse& response) {
  if (const auto refusal = refuse_metrics(request.request.headers)) {
    return answer_refusal(*refusal, response);
  }
  const std::string_view method = request.request.method;
  if (method != "GET" && method != "HEAD") {
    response.status = 405;
    response.headers.add("allow", "GET, HEAD");
    return;
  }
  response.headers.add("content-type", kMetricsContentType);
  response.body = metrics_text(view_gateway(gateway, request.now, request.wall_now));
}

void answer_admin(Gateway& gateway, const OperatorRequest& request, lab::HttpResponse& response) {
  const std::shared_ptr<GatewayState> whole = gateway.state();
  if (const auto refusal =
          refuse_admin(request.request.headers, whole->config.admin, request.is_on_loopback)) {
    return answer_refusal(*refusal, response);
  }
  const AdminCommand command = parse_admin_command(request.request.method, request.route.rest);
  AdminReply reply = perform(command, request.request.body, gateway, request.now, request.wall_now);
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

AnswerPtr answer_operator(Gateway& gateway, std::shared_ptr<GatewayState> state,
                          const OperatorRequest& request, AnswerPtr reuse) {
  AnswerPtr answer = std::move(reuse);
  answer->start(std::move(state));
  answer->is_operators = true;
  lab::HttpResponse& response = answer->response;
  if (request.route.kind == OperatorRoute::Kind::metrics) {
    answer_metrics(gateway, request, response);
  } else {
    answer_admin(gateway, request, response);
  }
  return answer;
}

AnswerPtr answer_large_admin_body(std::shared_ptr<GatewayState> state, AnswerPtr reuse) {
  AnswerPtr answer = std::move(reuse);
  answer->start(std::move(state));
  answer->is_operators = true;
  constexpr std::uint64_t kMegabytes = kAdminBodyBytesMax >> 20;
  answer_refusal(
      {413, "a gateway file that is put in force may have " + std::to_string(kMegabytes) + " MiB"},
      answer->response);
  return answer;
}

}  // namespace mockgw
