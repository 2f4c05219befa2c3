#include "loader/script/script_steps.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using loader::ScriptRequest;
using loader::ScriptStep;
using loader::ScriptSteps;

ScriptRequest request_of(std::string url) {
  ScriptRequest request;
  request.method = "GET";
  request.url = std::move(url);
  return request;
}

TEST(ScriptSteps, LikeRequestsShareAStep) {
  ScriptSteps steps;
  ScriptRequest request = request_of("http://h/a");
  const auto first = steps.find(request, nullptr);
  ASSERT_TRUE(first);
  // What is sent makes no step: method, headers and body are no tags of it.
  request.method = "POST";
  request.body = "x";
  request.headers = {{"A", "b"}};
  EXPECT_EQ(*steps.find(request, nullptr), *first);
}

TEST(ScriptSteps, WhateverTagsAreMadeOfMakesAnotherStep) {
  ScriptSteps steps;
  const ScriptStep* const first = *steps.find(request_of("http://h/a"), nullptr);
  EXPECT_NE(*steps.find(request_of("http://h/b"), nullptr), first);
  ScriptRequest named = request_of("http://h/a");
  named.name = "a";
  EXPECT_NE(*steps.find(named, nullptr), first);
  ScriptRequest tagged = request_of("http://h/a");
  tagged.tags = {{"kind", "x"}};
  const ScriptStep* const with_tags = *steps.find(tagged, nullptr);
  EXPECT_NE(with_tags, first);
  tagged.tags = {{"kin", "dx"}};
  EXPECT_NE(*steps.find(tagged, nullptr), with_tags);
  ScriptRequest expecting = request_of("http://h/a");
  expecting.expected = {{200, 200}};
  EXPECT_NE(*steps.find(expecting, nullptr), first);
  expecting.expected.reset();
  EXPECT_NE(*steps.find(expecting, nullptr), first);
}

TEST(ScriptSteps, AStepSaysWhatTheRequestSays) {
  ScriptSteps steps;
  ScriptRequest request = request_of("https://h:8443/a?b=1");
  const ScriptStep* const plain = *steps.find(request, nullptr);
  EXPECT_EQ(plain->step.name, "");
  EXPECT_EQ(plain->target.text, "https://h:8443/a?b=1");
  EXPECT_EQ(plain->target.url, (loader::Url{true, "h", 8443, "/a?b=1"}));
  EXPECT_TRUE(plain->step.has_expectation);
  EXPECT_TRUE(plain->step.expects(399));
  EXPECT_FALSE(plain->step.expects(400));
  request.name = "list";
  request.tags = {{"kind", "x"}};
  request.expected.reset();
  const ScriptStep* const named = *steps.find(request, nullptr);
  EXPECT_EQ(named->step.name, "list");
  EXPECT_EQ(named->step.tags, (loader::TagList{{"kind", "x"}}));
  EXPECT_FALSE(named->step.has_expectation);
}

TEST(ScriptSteps, AllRequestsGoToTheGatewayOfASimulation) {
  ScriptSteps steps;
  const loader::Url gateway{false, "localhost", 8080, "/"};
  const ScriptStep* const step = *steps.find(request_of("https://api.example/v1/a"), &gateway);
  EXPECT_EQ(step->target.url, (loader::Url{false, "localhost", 8080, "/v1/a"}));
  EXPECT_EQ(step->target.text, "https://api.example/v1/a");
}

TEST(ScriptSteps, AUrlThatIsNoneMakesNoStep) {
  ScriptSteps steps;
  EXPECT_FALSE(steps.find(request_of("http://%20/"), nullptr));
}

TEST(ScriptSteps, AUrlThatCanNotBeAskedIsAProblemInGosWords) {
  ScriptSteps steps;
  struct Row {
    const char* url;
    const char* problem;
  };
  for (const auto& [url, problem] :
       {Row{"http://h/", ""}, Row{"", "unsupported protocol scheme \"\""},
        Row{"undefined/v1", "unsupported protocol scheme \"\""},
        Row{"/v1:x", "unsupported protocol scheme \"\""},
        Row{"FTP://h/", "unsupported protocol scheme \"ftp\""},
        Row{"http:///x", "http: no Host in request URL"},
        Row{"http:x", "http: no Host in request URL"},
        Row{"https://", "http: no Host in request URL"}}) {
    const auto step = steps.find(request_of(url), nullptr);
    ASSERT_TRUE(step) << url;
    EXPECT_EQ((*step)->problem.text, problem) << url;
    EXPECT_EQ((*step)->problem.code, *problem == '\0' ? 0u : 1000u) << url;
    EXPECT_EQ((*step)->target.text, url);
  }
}

TEST(ScriptSteps, AnAddressThatIsNoneIsAProblemOfTheDialer) {
  ScriptSteps steps;
  const auto problem = [&steps](const char* url) {
    return (*steps.find(request_of(url), nullptr))->problem;
  };
  using loader::RequestError;
  EXPECT_EQ(problem("http://h:99999/"),
            (RequestError{1210, "dial tcp: address 99999: invalid port"}));
  EXPECT_EQ(problem("https://[::1]:65536?x"),
            (RequestError{1210, "dial tcp: address 65536: invalid port"}));
  EXPECT_EQ(problem("http://h:0/"), (RequestError{1212, "dial: connection refused"}));
  EXPECT_EQ(problem("http://:80/x:y"), (RequestError{1101, "lookup: no such host"}));
}

TEST(ScriptSteps, UrlsWithoutEndShareOne) {
  ScriptSteps steps;
  const auto url = [](std::size_t i) { return "http://h/" + std::to_string(i); };
  for (std::size_t i = 0; i < ScriptSteps::kStepsMax; ++i) {
    ASSERT_FALSE(steps.is_full());
    ASSERT_TRUE(steps.find(request_of(url(i)), nullptr));
  }
  EXPECT_TRUE(steps.is_full());
  ScriptRequest request = request_of(url(ScriptSteps::kStepsMax));
  request.tags = {{"kind", "x"}};
  const ScriptStep* const further = *steps.find(request, nullptr);
  EXPECT_EQ(further->step.name, ScriptSteps::kFurther);
  EXPECT_TRUE(further->step.tags.empty());
  // It goes where it was sent all the same.
  EXPECT_EQ(further->target.url.target, "/20000");
  // What was known before still is.
  EXPECT_EQ((*steps.find(request_of(url(0)), nullptr))->target.text, "http://h/0");
}

}  // namespace
