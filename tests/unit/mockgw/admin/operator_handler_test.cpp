#include "mockgw/server/operator_handler.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using RouteKind = OperatorRoute::Kind;

GatewayConfig config(std::string_view text) {
  return read_gateway_config(text, "gateway.json").value();
}

TEST(FindOperatorRoute, MetricsAndEverythingBelowAdmin) {
  const GatewayConfig defaults = config("{}");
  EXPECT_EQ(find_operator_route(defaults, "/metrics")->kind, RouteKind::metrics);
  EXPECT_FALSE(find_operator_route(defaults, "/metrics/"));
  EXPECT_EQ(find_operator_route(defaults, "/admin")->rest, "");
  EXPECT_EQ(find_operator_route(defaults, "/admin/stats")->kind, RouteKind::admin);
  EXPECT_EQ(find_operator_route(defaults, "/admin/stats")->rest, "/stats");
  EXPECT_FALSE(find_operator_route(defaults, "/administrator"));
  EXPECT_FALSE(find_operator_route(defaults, "/health"));
}

TEST(FindOperatorRoute, WhereTheFileSaysOrNowhere) {
  const GatewayConfig moved =
      config(R"({"metrics": {"path": "/admin/metrics"}, "admin": {"path": "/admin"}})");
  EXPECT_EQ(find_operator_route(moved, "/admin/metrics")->kind, RouteKind::metrics);
  EXPECT_FALSE(find_operator_route(moved, "/metrics"));
  const GatewayConfig off =
      config(R"({"metrics": {"enabled": false}, "admin": {"enabled": false}})");
  EXPECT_FALSE(find_operator_route(off, "/metrics"));
  EXPECT_FALSE(find_operator_route(off, "/admin"));
}

class AnswerOperator : public testing::Test {
 protected:
  Exchange ask(const char* method, std::string_view target) {
    lab::HttpRequest request;
    request.method = method;
    request.target = target;
    const auto route = find_operator_route(gateway.state()->config, target);
    EXPECT_TRUE(route);
    // An exchange of before, with what must not be left of it.
    Exchange exchange;
    exchange.reply.due = std::chrono::seconds(5);
    exchange.response.status = 503;
    exchange.response.headers.add("retry-after", "1");
    exchange.begin(gateway.state(), {.http = request});
    answer_operator(gateway, exchange, *route, true);
    return exchange;
  }
  Gateway gateway{config("{}"), {}, {}};
};

TEST_F(AnswerOperator, MetricsAreTextAtOnce) {
  const Exchange answer = ask("GET", "/metrics");
  EXPECT_EQ(answer.reply.kind, Reply::Kind::response);
  EXPECT_EQ(answer.response.status, 200u);
  EXPECT_EQ(answer.reply.due, lab::Duration::zero());
  EXPECT_TRUE(answer.is_operators);
  EXPECT_EQ(answer.response.headers.find("content-type"),
            "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_FALSE(answer.response.headers.find("retry-after"));
  EXPECT_NE(answer.response.body.find("mockgw_build_info{version="), std::string::npos);
}

TEST_F(AnswerOperator, AMethodThatIsNotForItIsToldWhichIs) {
  EXPECT_EQ(ask("POST", "/metrics").response.status, 405u);
  EXPECT_EQ(ask("POST", "/metrics").response.headers.find("allow"), "GET, HEAD");
  EXPECT_EQ(ask("GET", "/admin/reset").response.status, 405u);
  EXPECT_EQ(ask("GET", "/admin/reset").response.headers.find("allow"), "POST");
}

TEST_F(AnswerOperator, AdminIsJson) {
  const Exchange answer = ask("GET", "/admin/stats");
  EXPECT_EQ(answer.response.headers.find("content-type"), "application/json");
  EXPECT_TRUE(lab::Json::accept(answer.response.body));
}

}  // namespace
}  // namespace mockgw
