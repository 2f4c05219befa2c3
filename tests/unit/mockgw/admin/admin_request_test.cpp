#include "mockgw/admin/admin_request.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using CommandKind = AdminCommand::Kind;

struct Case {
  std::string_view method;
  std::string_view path;
  CommandKind kind;
  std::string_view upstream = "";
  std::optional<CircuitState> state = std::nullopt;
};

class ParseAdminCommand : public testing::TestWithParam<Case> {};

TEST_P(ParseAdminCommand, ByMethodAndPath) {
  const Case& expected = GetParam();
  const AdminCommand command = parse_admin_command(expected.method, expected.path);
  EXPECT_EQ(command.kind, expected.kind);
  EXPECT_EQ(command.upstream, expected.upstream);
  EXPECT_EQ(command.state, expected.state);
  EXPECT_EQ(command.allow.empty(), expected.kind != CommandKind::method_not_allowed);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseAdminCommand,
    testing::Values(Case{"GET", "", CommandKind::index}, Case{"GET", "/", CommandKind::index},
                    Case{"GET", "/config", CommandKind::show_config},
                    Case{"HEAD", "/config", CommandKind::show_config},
                    Case{"PUT", "/config", CommandKind::replace_config},
                    Case{"DELETE", "/config", CommandKind::method_not_allowed},
                    Case{"GET", "/breakers", CommandKind::show_breakers},
                    Case{"GET", "/stats", CommandKind::show_stats},
                    Case{"POST", "/stats", CommandKind::method_not_allowed},
                    Case{"POST", "/reset", CommandKind::reset},
                    Case{"GET", "/reset", CommandKind::method_not_allowed},
                    Case{"GET", "/breakers/gpt-4", CommandKind::show_breaker, "gpt-4"},
                    Case{"POST", "/breakers/gpt-4", CommandKind::method_not_allowed},
                    Case{"POST", "/breakers/gpt-4/open", CommandKind::force_breaker, "gpt-4",
                         CircuitState::open},
                    Case{"POST", "/breakers/gpt-4/close", CommandKind::force_breaker, "gpt-4",
                         CircuitState::closed},
                    Case{"POST", "/breakers/gpt-4/half_open", CommandKind::force_breaker, "gpt-4",
                         CircuitState::half_open},
                    Case{"POST", "/breakers/gpt-4/reset", CommandKind::force_breaker, "gpt-4"},
                    Case{"GET", "/breakers/gpt-4/open", CommandKind::method_not_allowed},
                    // Names with slashes, as they are and encoded.
                    Case{"POST", "/breakers/meta/llama/open", CommandKind::force_breaker,
                         "meta/llama", CircuitState::open},
                    Case{"GET", "/breakers/meta%2Fllama", CommandKind::show_breaker, "meta/llama"},
                    Case{"GET", "/breakers/bad%2", CommandKind::not_found},
                    Case{"GET", "/breakers/", CommandKind::not_found},
                    Case{"GET", "/providers", CommandKind::not_found}));

// A gateway whose only breaker is of "openai" and opens at the first failure.
class Perform : public testing::Test {
 protected:
  static constexpr std::string_view kFile = R"({"models": {"gpt-4": {}},
    "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0,
                                 "failure_count": 1}}})";

  AdminReply ask(std::string_view method, std::string_view path, std::string_view body = "") {
    return perform(parse_admin_command(method, path), body, gateway, lab::TimePoint(10s),
                   lab::WallTime(1'700'000'010s));
  }
  lab::Json get(std::string_view path) { return lab::Json::parse(ask("GET", path).body); }
  CircuitBreakerGroup::Permit try_acquire() {
    const auto state = gateway.state();
    return state->breakers->try_acquire(state->config.models.models.front(), lab::TimePoint(10s));
  }

  Gateway gateway{read_gateway_config(kFile, "gateway.json").value(),
                  lab::TimePoint{},
                  lab::WallTime(1'700'000'000s),
                  {.seed = 5}};
};

TEST_F(Perform, TheIndexNamesEveryPath) {
  EXPECT_EQ(get("").size(), 10u);
  EXPECT_EQ(ask("GET", "/x").status, 404u);
  EXPECT_EQ(ask("GET", "/reset").status, 405u);
}

TEST_F(Perform, ShowsTheFileInForceAndTakesAnother) {
  EXPECT_EQ(get("/config")["seed"], 1);
  const AdminReply reply = ask("PUT", "/config", R"({"seed": 3, "profile": "kong"})");
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(get("/config"), lab::Json::parse(reply.body));
  EXPECT_EQ(get("/config")["profile"], "kong");
  // A flag stays above the file.
  EXPECT_EQ(get("/config")["seed"], 5);
}

TEST_F(Perform, WhatIsShownCanBePutBack) {
  const std::string before = ask("GET", "/config").body;
  EXPECT_EQ(ask("PUT", "/config", before).status, 200u);
}

TEST_F(Perform, RefusesAnInvalidFileWithAllItsProblems) {
  const std::string before = ask("GET", "/config").body;
  const AdminReply reply =
      ask("PUT", "/config", R"({"latency": {"tftt": "1s"}, "limits": {"max_connections": 0}})");
  EXPECT_EQ(reply.status, 400u);
  const lab::Json problems = lab::Json::parse(reply.body)["error"]["problems"];
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_NE(problems[0].get<std::string>().find("ttft"), std::string::npos);
  EXPECT_NE(problems[1].get<std::string>().find("limits.max_connections"), std::string::npos);
  EXPECT_EQ(ask("GET", "/config").body, before);
  EXPECT_EQ(ask("PUT", "/config", "{").status, 400u);
}

// Whoever sends a file could have any other opened, and learn from the errors which there are.
TEST_F(Perform, OpensNoLocalFileForWhatComesOverTheNetwork) {
  const std::string before = ask("GET", "/config").body;
  for (const std::string_view file : {
           R"({"profile": "/etc/passwd"})",
           R"({"profile": "no/such/file.json"})",
           R"({"tokens": {"content": {"fixtures": "/etc/passwd"}}})",
           R"({"models": {"*": {"tokens": {"content": {"fixtures": "none"}}}}})",
           R"({"tokens": {"content": {"fixtures": [{"text": "a"}],
                                      "fallback": {"fixtures": "none.json"}}}})",
           R"({"timeline": [{"at": "1s", "set": {"tokens": {"content": {"fixtures": "none"}}}}]})",
       }) {
    const AdminReply reply = ask("PUT", "/config", file);
    EXPECT_EQ(reply.status, 400u) << file;
    EXPECT_NE(reply.body.find("none is opened for a configuration that comes over the network"),
              std::string::npos)
        << reply.body;
    for (const char* told : {"cannot be opened", "No such file", "line 1"}) {
      EXPECT_EQ(reply.body.find(told), std::string::npos) << reply.body;
    }
  }
  EXPECT_EQ(ask("GET", "/config").body, before);
  const std::string_view own = R"({"profile": "kong",
    "tokens": {"content": {"fixtures": [{"text": "a"}]}}})";
  EXPECT_EQ(ask("PUT", "/config", own).status, 200u);
}

TEST_F(Perform, NeverShowsTheTokenAndKeepsItWhenAFileComesBackWithout) {
  const AdminReply put = ask("PUT", "/config", R"({"admin": {"token": "s3cret"}})");
  EXPECT_EQ(put.body.find("s3cret"), std::string::npos);
  const std::string shown = ask("GET", "/config").body;
  EXPECT_EQ(shown.find("s3cret"), std::string::npos);
  EXPECT_EQ(ask("PUT", "/config", shown).status, 200u);
  EXPECT_EQ(gateway.state()->config.admin.token, "s3cret");
}

TEST_F(Perform, ABreakersFirstStateIsSinceTheGatewaysStart) {
  EXPECT_EQ(get("/breakers/openai")["since"], "2023-11-14T22:13:20Z");
  (void)ask("POST", "/reset");
  EXPECT_EQ(get("/breakers/openai")["since"], "2023-11-14T22:13:30Z");
}

TEST_F(Perform, AResetAndANewFileBeginTheClockAfresh) {
  EXPECT_EQ(gateway.elapsed(lab::TimePoint(12s)), 12s);
  (void)ask("POST", "/reset");
  EXPECT_EQ(gateway.elapsed(lab::TimePoint(12s)), 2s);
  EXPECT_EQ(gateway.elapsed(lab::TimePoint(9s)), 0s);
  gateway.replace(read_gateway_config(kFile, "gateway.json").value(), lab::TimePoint(11s));
  EXPECT_EQ(gateway.elapsed(lab::TimePoint(12s)), 1s);
  (void)ask("PUT", "/config", kFile);
  EXPECT_EQ(gateway.elapsed(lab::TimePoint(12s)), 2s);
}

TEST_F(Perform, ForcesABreakerAndLetsItGoAgain) {
  EXPECT_EQ(get("/breakers")[0]["upstream"], "openai");
  EXPECT_EQ(get("/breakers/openai")["state"], "closed");
  const AdminReply opened = ask("POST", "/breakers/openai/open");
  EXPECT_EQ(opened.status, 200u);
  EXPECT_EQ(lab::Json::parse(opened.body)["state"], "open");
  EXPECT_EQ(lab::Json::parse(opened.body)["forced"], true);
  EXPECT_FALSE(try_acquire().permit.is_granted);
  (void)ask("POST", "/breakers/openai/reset");
  EXPECT_EQ(get("/breakers/openai")["forced"], false);
  EXPECT_TRUE(try_acquire().permit.is_granted);
}

TEST_F(Perform, AnUnknownBreakerIsNotFoundAndThoseKnownAreNamed) {
  const AdminReply reply = ask("POST", "/breakers/mistral/open");
  EXPECT_EQ(reply.status, 404u);
  EXPECT_NE(reply.body.find("there are openai"), std::string::npos);
  (void)ask("PUT", "/config", "{}");
  EXPECT_NE(ask("GET", "/breakers/openai").body.find("no circuit_breaker"), std::string::npos);
  EXPECT_EQ(get("/breakers"), lab::Json::array());
}

TEST_F(Perform, AResetBeginsAfresh) {
  const auto thread = gateway.add_thread();
  thread->add({.route = "/health", .status = 200});
  (void)ask("POST", "/breakers/openai/open");
  EXPECT_EQ(get("/stats")["total_requests"], 1);
  EXPECT_EQ(ask("POST", "/reset").status, 200u);
  EXPECT_EQ(get("/stats")["total_requests"], 0);
  EXPECT_EQ(get("/breakers/openai")["state"], "closed");
  EXPECT_EQ(get("/breakers/openai")["opened_total"], 0);
  // The file in force is not a count.
  EXPECT_EQ(get("/config")["models"].size(), 1u);
}

}  // namespace
}  // namespace mockgw
