// What the dashboard is told to do, and what it serves as text; the server is in tests/sim.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "loader/command/command_line.h"
#include "loader/dashboard/dashboard_page.h"

namespace loader {
namespace {

using Arguments = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

lab::Result<RunCommand> read(Arguments arguments, Variables variables = {}) {
  arguments.insert(arguments.begin(), "smoke");
  return parse_run_command(
      arguments,
      [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
      });
}

std::string address(const lab::Result<RunCommand>& command) {
  return command->dashboard.empty() ? "none" : command->dashboard;
}

TEST(Dashboard, ListensWhereTheFlagSays) {
  EXPECT_EQ(address(read({})), "none");
  EXPECT_EQ(address(read({"--dashboard"})), "127.0.0.1:5665");
  EXPECT_EQ(address(read({"--dashboard=[::1]:0"})), "[::1]:0");
  EXPECT_EQ(address(read({"--dashboard", "127.0.0.1:80"})), "127.0.0.1:80");
  EXPECT_NE(read({"--dashboard=here"}).error().to_string().find("ADDRESS:PORT"), std::string::npos);
  EXPECT_NE(read({"--dashboard", "--simulate"}).error().to_string().find("--html"),
            std::string::npos);
}

TEST(Dashboard, IsAlsoWhatK6CallsIt) {
  EXPECT_EQ(address(read({}, {{"K6_WEB_DASHBOARD", "true"}})), "127.0.0.1:5665");
  EXPECT_EQ(address(read({}, {{"K6_WEB_DASHBOARD", "false"}})), "none");
  const Variables whole{{"K6_WEB_DASHBOARD", "true"},
                        {"K6_WEB_DASHBOARD_HOST", "::1"},
                        {"K6_WEB_DASHBOARD_PORT", "8000"},
                        {"K6_WEB_DASHBOARD_EXPORT", "r.html"}};
  EXPECT_EQ(address(read({}, whole)), "[::1]:8000");
  EXPECT_EQ(read({}, whole)->html, "r.html");
  EXPECT_EQ(read({"--html", "mine.html"}, whole)->html, "mine.html");
  // A pipeline may have it on for all its runs; those in virtual time have the page alone.
  EXPECT_EQ(address(read({"--simulate"}, whole)), "none");
  EXPECT_EQ(read({"--simulate"}, whole)->html, "r.html");

  const auto output = read({"--out", "web-dashboard=port=9000&export=x.html", "--out", "json=f"});
  EXPECT_EQ(address(output), "127.0.0.1:9000");
  EXPECT_EQ(output->html, "x.html");
  EXPECT_EQ(output->outputs, std::vector<std::string>{"json=f"});
  EXPECT_EQ(address(read({"--out", "web-dashboard=port=-1&export=x.html"})), "none");
  EXPECT_NE(read({"--out", "web-dashboard=colour=red"}).error().to_string().find("colour"),
            std::string::npos);
}

TEST(Dashboard, AnEventHasALineForEachLine) {
  EXPECT_EQ(server_sent_event("report", "a\nb"), "event: report\ndata: a\ndata: b\n\n");
  EXPECT_EQ(server_sent_event("stop", ""), "event: stop\ndata: \n\n");
}

TEST(Dashboard, OnlyTheBodyOfAPageIsRenewed) {
  const std::string page = "<html><head><title>t</title></head><body>one</body></html>";
  EXPECT_EQ(body_of(page), "one");
  EXPECT_EQ(body_of("no page"), "no page");
  const std::string live = live_page(page);
  EXPECT_EQ(body_of(live), "one");
  EXPECT_LT(live.find("EventSource"), live.find("</head>"));
  EXPECT_NE(waiting_page("a<b").find("a&lt;b"), std::string::npos);
}

}  // namespace
}  // namespace loader
