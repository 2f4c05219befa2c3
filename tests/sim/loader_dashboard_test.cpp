// The dashboard's server over both worlds.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <string>

#include "loader/dashboard/dashboard_server.h"
#include "shared/runtime/http_io.h"
#include "tests/support/world.h"

namespace loader {
namespace {

using lab::test::WorldKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct PageAnswer {
  unsigned status = 0;
  std::string type;
  std::string body;
};

boost::asio::awaitable<void> ask(lab::Runtime& runtime, lab::Endpoint at, std::string method,
                                 std::string target, PageAnswer& answer,
                                 std::string_view host = "127.0.0.1") {
  auto stream = co_await runtime.connect(at, runtime.now() + seconds(5));
  if (!stream) co_return;
  lab::HttpClientConnection client(runtime, std::move(*stream), {});
  client.expires_at(runtime.now() + seconds(60));
  lab::HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  if (co_await client.send(request, host)) co_return;
  if (co_await client.read_head()) co_return;
  answer.status = client.status();
  answer.type = client.headers().find("Content-Type").value_or("");
  while (true) {
    const auto piece = co_await client.read_body();
    if (!piece || piece->empty()) break;
    answer.body += *piece;
  }
}

class DashboardServerTest : public testing::TestWithParam<WorldKind> {
 protected:
  DashboardServerTest() { endpoint = server.start({"127.0.0.1", 0}).value(); }

  std::unique_ptr<lab::test::World> world = lab::test::make_world(GetParam());
  lab::Runtime& runtime = world->runtime();
  DashboardServer server{runtime, "<body>wait</body>"};
  lab::Endpoint endpoint;
};

INSTANTIATE_TEST_SUITE_P(Worlds, DashboardServerTest,
                         testing::Values(WorldKind::real, WorldKind::simulated),
                         [](const auto& kind) { return lab::test::world_name(kind.param); });

boost::asio::awaitable<void> look_at_pages(lab::Runtime& runtime, DashboardServer& server,
                                           lab::Endpoint at) {
  PageAnswer page;
  co_await ask(runtime, at, "GET", "/", page);
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.type, "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("wait"), std::string::npos);
  // The first one is made for whoever comes, and then one for each that has looked.
  EXPECT_TRUE(server.is_followed());
  server.publish("<html><head></head><body>figures</body></html>");
  EXPECT_FALSE(server.is_followed());
  PageAnswer newer;
  co_await ask(runtime, at, "GET", "/ui/?endpoint=/", newer);
  EXPECT_NE(newer.body.find("EventSource"), std::string::npos);
  EXPECT_NE(newer.body.find("figures"), std::string::npos);
  PageAnswer report;
  co_await ask(runtime, at, "GET", "/report", report);
  EXPECT_EQ(report.body, "<html><head></head><body>figures</body></html>");
  EXPECT_TRUE(server.is_followed());
  PageAnswer missing;
  co_await ask(runtime, at, "GET", "/etc/passwd", missing);
  EXPECT_EQ(missing.status, 404U);
  PageAnswer refused;
  co_await ask(runtime, at, "POST", "/", refused);
  EXPECT_EQ(refused.status, 405U);
  for (const std::string_view host : {"evil.example", "localhost.evil.example:80"}) {
    for (const char* const target : {"/", "/report", "/events"}) {
      PageAnswer rebound;
      co_await ask(runtime, at, "GET", target, rebound, host);
      EXPECT_EQ(rebound.status, 403U) << host << target;
    }
  }
  PageAnswer named;
  co_await ask(runtime, at, "GET", "/", named, "LocalHost:5665");
  EXPECT_EQ(named.status, 200U);
  co_await server.finish();
}

TEST_P(DashboardServerTest, ServesThePageTheReportAndNothingElse) {
  world->run(look_at_pages(runtime, server, endpoint));
}

boost::asio::awaitable<void> follow(lab::Runtime& runtime, DashboardServer& server,
                                    lab::Endpoint at, PageAnswer& events, bool& has_ended) {
  boost::asio::co_spawn(runtime.executor(), ask(runtime, at, "GET", "/events", events),
                        [&has_ended](std::exception_ptr thrown) { has_ended = thrown == nullptr; });
  const lab::TimePoint deadline = runtime.now() + seconds(30);
  while (server.followers() == 0 && runtime.now() < deadline) {
    co_await runtime.sleep_for(milliseconds(1));
  }
  EXPECT_EQ(server.followers(), 1U);
  for (const char* const report : {"<body>one</body>", "<body>two\nlines</body>"}) {
    server.publish(report);
    const std::string shown = std::string(report).substr(6, 3);
    while (events.body.find("data: " + shown) == std::string::npos && runtime.now() < deadline) {
      co_await runtime.sleep_for(milliseconds(1));
    }
  }
  co_await server.finish();
  while (!has_ended && runtime.now() < deadline) co_await runtime.sleep_for(milliseconds(1));
}

TEST_P(DashboardServerTest, SendsEachNewerReportAndSaysWhenItIsOver) {
  PageAnswer events;
  bool has_ended = false;
  world->run(follow(runtime, server, endpoint, events, has_ended));
  EXPECT_TRUE(has_ended);
  EXPECT_EQ(events.type, "text/event-stream");
  EXPECT_NE(events.body.find("event: report\ndata: one\n\n"), std::string::npos) << events.body;
  EXPECT_NE(events.body.find("event: report\ndata: two\ndata: lines\n\n"), std::string::npos);
  EXPECT_TRUE(events.body.ends_with("event: stop\ndata: \n\n")) << events.body;
  EXPECT_EQ(server.followers(), 0U);
}

boost::asio::awaitable<void> leave(lab::Runtime& runtime, DashboardServer& server,
                                   lab::Endpoint at) {
  const lab::TimePoint deadline = runtime.now() + seconds(30);
  {
    auto stream = co_await runtime.connect(at, deadline);
    const std::string request = "GET /events HTTP/1.1\r\nHost: [::1]\r\n\r\n";
    (void)co_await (*stream)->async_write_some(boost::asio::buffer(request),
                                               boost::asio::use_awaitable);
    while (server.followers() == 0 && runtime.now() < deadline) {
      co_await runtime.sleep_for(milliseconds(1));
    }
    EXPECT_EQ(server.followers(), 1U);
    (*stream)->close();
  }
  // Writing is how a page that is gone is noticed at the latest.
  while (server.followers() > 0 && runtime.now() < deadline) {
    server.publish("<body>" + std::string(1000, 'x') + "</body>");
    co_await runtime.sleep_for(milliseconds(1));
  }
  EXPECT_EQ(server.followers(), 0U);
  co_await server.finish();
}

TEST_P(DashboardServerTest, APageThatIsGoneIsFollowedByNobody) {
  world->run(leave(runtime, server, endpoint));
}

}  // namespace
}  // namespace loader
