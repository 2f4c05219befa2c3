#include "mockgw/answer/router.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

using Outcome = Routing::Outcome;

struct Case {
  const char* method;
  const char* path;
  Outcome outcome;
  Route route = Route::health;
  const char* parameter = "";
};

class Routes : public testing::TestWithParam<Case> {};

TEST_P(Routes, AreFound) {
  const Case& c = GetParam();
  const Routing routing = find_route(c.method, c.path);
  EXPECT_EQ(routing.outcome, c.outcome);
  if (c.outcome == Outcome::not_found) return;
  EXPECT_EQ(routing.route, c.route);
  EXPECT_EQ(routing.parameter, c.parameter);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Routes,
    testing::Values(Case{"GET", "/health", Outcome::found, Route::health},
                    Case{"GET", "/healthz", Outcome::found, Route::health},
                    Case{"HEAD", "/health", Outcome::found, Route::health},
                    Case{"OPTIONS", "/health", Outcome::options, Route::health},
                    Case{"POST", "/health", Outcome::method_not_allowed, Route::health},
                    Case{"GET", "/ready", Outcome::found, Route::ready},
                    Case{"GET", "/livez", Outcome::found, Route::live},
                    Case{"GET", "/health/liveliness", Outcome::found, Route::live},
                    Case{"GET", "/health/startup", Outcome::found, Route::ready},
                    Case{"GET", "/health/else", Outcome::not_found},
                    Case{"GET", "/v1/models", Outcome::found, Route::models},
                    Case{"DELETE", "/v1/models", Outcome::method_not_allowed, Route::models},
                    Case{"GET", "/v1/models/gpt-4", Outcome::found, Route::model, "gpt-4"},
                    Case{"GET", "/v1/models/meta/llama", Outcome::found, Route::model,
                         "meta/llama"},
                    Case{"GET", "/v1/models/", Outcome::not_found},
                    Case{"POST", "/v1/chat/completions", Outcome::found, Route::chat},
                    Case{"OPTIONS", "/v1/chat/completions", Outcome::options, Route::chat},
                    Case{"GET", "/v1/chat/completions", Outcome::method_not_allowed, Route::chat},
                    Case{"HEAD", "/v1/chat/completions", Outcome::method_not_allowed, Route::chat},
                    Case{"post", "/v1/chat/completions", Outcome::method_not_allowed, Route::chat},
                    Case{"GET", "/v1/chat/completions/", Outcome::not_found},
                    Case{"GET", "/", Outcome::not_found}, Case{"GET", "", Outcome::not_found},
                    Case{"GET", "*", Outcome::not_found},
                    Case{"OPTIONS", "*", Outcome::options, Route::server},
                    Case{"POST", "/v1/embeddings", Outcome::not_found}));

TEST(Router, PathsMayBeShort) {
  EXPECT_EQ(find_route("POST", "/chat/completions").outcome, Outcome::not_found);
  EXPECT_EQ(find_route("POST", "/chat/completions", true).route, Route::chat);
  EXPECT_EQ(find_route("POST", "/v1/chat/completions", true).route, Route::chat);
  EXPECT_EQ(find_route("GET", "/models", true).route, Route::models);
  EXPECT_EQ(find_route("GET", "/models/gpt-4", true).parameter, "gpt-4");
  EXPECT_EQ(find_route("POST", "/models", true).outcome, Outcome::method_not_allowed);
  EXPECT_EQ(find_route("GET", "/v1", true).outcome, Outcome::not_found);
}

TEST(Router, NamesTheMethodsAllowed) {
  EXPECT_EQ(find_route("GET", "/v1/chat/completions").allow, "POST");
  EXPECT_EQ(find_route("POST", "/v1/models").allow, "GET, HEAD");
}

}  // namespace
}  // namespace mockgw
