// Redirects as servers write them, and what a step may say of its request's head.
#include <gtest/gtest.h>

#include "tests/sim/flow_world.h"

namespace loader::test {
namespace {

Act redirect_to(std::string_view location) {
  return write(response(302, "", "Location: " + std::string(location) + "\r\n"));
}

TEST(FlowRedirect, FollowsALocationThatIsNotEncoded) {
  for (const auto& [location, target] : std::vector<std::pair<std::string, std::string>>{
           {"/b/Zürich", "/b/Z%C3%BCrich"}, {"/a b", "/a%20b"}, {"?q=x y", "/x?q=x%20y"}}) {
    FlowWorld world;
    world.scripts = {
        {read_request(), redirect_to(location), read_request(), write(response(200, "{}"))}};
    world.run(R"([{"http": {"path": "/x"}}])");
    EXPECT_EQ(world.count("http_reqs"), 2u) << location;
    EXPECT_NE(world.received[0].find("GET " + target + " HTTP/1.1\r\n"), std::string::npos);
  }
}

TEST(FlowRedirect, SaysWhereItComesFromUnlessAStepDoes) {
  for (const auto& [step, referer] : std::vector<std::pair<std::string, std::string>>{
           {R"({"path": "/x?a=1"})", "Referer: http://gateway/x?a=1\r\n"},
           {R"({"path": "/x", "headers": {"Referer": "mine"}})", "Referer: mine\r\n"}}) {
    FlowWorld world;
    world.scripts = {
        {read_request(), redirect_to("/b"), read_request(), write(response(200, "{}"))}};
    world.run(R"([{"http": )" + step + "}]");
    const std::string& sent = world.received.at(0);
    EXPECT_NE(sent.find(referer, sent.find("GET /b")), std::string::npos) << sent;
  }
}

TEST(FlowRedirect, ALocationThatPointsNowhereIsAFailureWithAWord) {
  for (const std::string location : {"http://[::bad/", "ftp://other/", "/%zz", "http://h:0/"}) {
    FlowWorld world;
    world.scripts = {{read_request(), redirect_to(location)}};
    world.run(R"([{"http": {"path": "/x"}, "checks": {"ok": {"status": 302}}}])");
    const SeenSample request = world.only("http_reqs");
    EXPECT_EQ(request.tags.at("error_code"), "1000") << location;
    EXPECT_TRUE(request.tags.at("error").starts_with("failed to parse Location header \"" +
                                                     location + "\": "))
        << request.tags.at("error");
    EXPECT_EQ(request.tags.at("status"), "0");
    EXPECT_DOUBLE_EQ(world.only("http_req_failed").value, 1);
    EXPECT_DOUBLE_EQ(world.only("checks").value, 0);
  }
}

TEST(FlowRedirect, ItsErrorNamesTheMachineThatWasNotToBeReached) {
  FlowWorld world;
  world.scripts = {{read_request(), redirect_to("http://localhost:9/b")}};
  world.run(R"([{"http": {"path": "/x"}, "name": "moved"}])");
  std::vector<std::string> errors;
  for (const SeenSample& each : world.samples) {
    const auto error = each.tags.find("error");
    if (each.metric == "http_reqs" && error != each.tags.end()) errors.push_back(error->second);
  }
  EXPECT_EQ(errors, (std::vector<std::string>{"dial: connection refused (localhost:9)"}));
}

TEST(FlowRedirect, WithoutALocationOrWithoutLeaveItIsTheAnswer) {
  FlowWorld empty;
  empty.scripts = {{read_request(), redirect_to("")}};
  empty.run(R"([{"http": {"path": "/x"}}])");
  EXPECT_EQ(empty.only("http_reqs").tags.at("status"), "302");
  EXPECT_DOUBLE_EQ(empty.only("http_req_failed").value, 0);
  FlowWorld stays;
  stays.settings.client.redirects_max = 0;
  stays.scripts = {{read_request(), redirect_to("http://[::bad/")}};
  stays.run(R"([{"http": {"path": "/x"}}])");
  EXPECT_EQ(stays.only("http_reqs").tags.at("status"), "302");
}

TEST(FlowRedirect, AHostOfTheStepsOwnIsSentAndNotTakenElsewhere) {
  FlowWorld world;
  world.scripts = {
      {read_request(), redirect_to("/b"), read_request(), redirect_to("http://localhost:8080/c")}};
  world.run(R"([{"http": {"path": "/x", "headers": {"host": "other.example"}}}])");
  const std::string& sent = world.received.at(0);
  EXPECT_NE(sent.find("host: other.example\r\n"), std::string::npos) << sent;
  EXPECT_EQ(sent.find("Host: gateway"), std::string::npos) << sent;
  EXPECT_NE(sent.find("host: other.example\r\n", sent.find("GET /b")), std::string::npos) << sent;
  for (std::size_t i = 1; i < world.received.size(); ++i) {
    EXPECT_EQ(world.received[i].find("other.example"), std::string::npos);
  }
}

TEST(FlowRedirect, AConnectionThatTheStepClosesIsNotUsedAgain) {
  FlowWorld world;
  world.scripts = {{read_request(), write(response(200, "{}")), read_request()},
                   {read_request(), write(response(200, "{}"))}};
  world.run(
      R"([{"http": {"path": "/x", "headers": {"Connection": "close"}}}, {"http": {"path": "/y"}}])");
  EXPECT_EQ(world.received.size(), 2u);
  EXPECT_DOUBLE_EQ(world.sum("http_req_failed"), 0);
}

}  // namespace
}  // namespace loader::test
