// The HTTP client against servers that behave, misbehave and lie, in virtual time.
#include <gtest/gtest.h>

#include <ostream>

#include "shared/base/rng.h"
#include "tests/sim/flow_world.h"

namespace loader::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = R"([{"http": {"path": "/x"}, "timeout": "10s"}])";

TEST(FlowHttpClient, MeasuresK6Phases) {
  FlowWorld world;
  world.scripts = {{read_request(), pause(50ms),
                    write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), pause(30ms),
                    write("ok")}};
  EXPECT_EQ(world.run(kGet).kind, IterationOutcome::Kind::completed);
  // There and back is 2 ms: for the connection, and for request and response.
  EXPECT_DOUBLE_EQ(world.only("http_req_connecting").value, 2);
  EXPECT_DOUBLE_EQ(world.only("http_req_blocked").value, 2);
  EXPECT_DOUBLE_EQ(world.only("http_req_waiting").value, 52);
  EXPECT_DOUBLE_EQ(world.only("http_req_receiving").value, 30);
  EXPECT_DOUBLE_EQ(world.only("http_req_tls_handshaking").value, 0);
  EXPECT_DOUBLE_EQ(world.only("http_req_duration").value,
                   82 + world.only("http_req_sending").value);
  EXPECT_DOUBLE_EQ(world.only("http_req_failed").value, 0);
  EXPECT_DOUBLE_EQ(world.only("iteration_duration").value,
                   2 + world.only("http_req_duration").value);
}

TEST(FlowHttpClient, TagsAsK6Does) {
  FlowWorld world;
  world.scripts = {{read_request(), write(response(404, "{}"))}};
  world.run(kGet);
  const SeenSample sample = world.only("http_reqs");
  EXPECT_EQ(tag(sample, "method"), "GET");
  EXPECT_EQ(tag(sample, "url"), "http://gateway/x");
  EXPECT_EQ(tag(sample, "name"), "http://gateway/x");
  EXPECT_EQ(tag(sample, "status"), "404");
  EXPECT_EQ(tag(sample, "error_code"), "1404");
  EXPECT_EQ(tag(sample, "error"), "(none)");
  EXPECT_EQ(tag(sample, "proto"), "HTTP/1.1");
  EXPECT_EQ(tag(sample, "expected_response"), "false");
  EXPECT_EQ(tag(sample, "group"), "");
  EXPECT_DOUBLE_EQ(world.only("http_req_failed").value, 1);
}

TEST(FlowHttpClient, AStepSaysWhichStatusesAreNoFailure) {
  FlowWorld world;
  world.scripts = {
      {read_request(), write(response(404, "{}")), read_request(), write(response(200, "{}"))}};
  constexpr std::string_view kSteps =
      R"([{"repeat": {"times": 2, "steps": [{"http": {"path": "/x"}, "expected_statuses": [404]}]}}])";
  world.run(kSteps);
  ASSERT_EQ(world.count("http_req_failed"), 2u);
  EXPECT_DOUBLE_EQ(world.of("http_req_failed")[0].value, 0);
  EXPECT_EQ(tag(world.of("http_reqs")[0], "expected_response"), "true");
  EXPECT_DOUBLE_EQ(world.of("http_req_failed")[1].value, 1);
  EXPECT_EQ(tag(world.of("http_reqs")[1], "expected_response"), "false");
}

TEST(FlowHttpClient, KeepsItsConnectionOverIterations) {
  FlowWorld world;
  const std::string ok = response(200, "{}");
  world.scripts = {
      {read_request(), write(ok), read_request(), write(ok), read_request(), write(ok)}};
  world.run(kGet, 3);
  EXPECT_EQ(world.received.size(), 1u);
  EXPECT_DOUBLE_EQ(world.sum("http_req_connecting"), 2);
  EXPECT_EQ(world.count("data_sent"), 3u);
  EXPECT_DOUBLE_EQ(world.sum("data_sent"), static_cast<double>(world.received[0].size()));
  EXPECT_DOUBLE_EQ(world.sum("data_received"), 3.0 * static_cast<double>(ok.size()));
}

TEST(FlowHttpClient, OpensNewConnectionsWhenReuseIsOff) {
  const Script once{read_request(), write(response(200, "{}"))};
  FlowWorld per_request;
  per_request.settings.client.no_connection_reuse = true;
  per_request.scripts = {once, once};
  per_request.run(R"([{"http": {"path": "/"}}, {"http": {"path": "/"}}])");
  ASSERT_EQ(per_request.received.size(), 2u);
  EXPECT_NE(per_request.received[0].find("\r\nConnection: close\r\n"), std::string::npos);
  FlowWorld per_iteration;
  per_iteration.settings.client.no_vu_connection_reuse = true;
  per_iteration.scripts = {once, once};
  per_iteration.run(kGet, 2);
  ASSERT_EQ(per_iteration.received.size(), 2u);
  EXPECT_EQ(per_iteration.received[0].find("\r\nConnection:"), std::string::npos);
}

TEST(FlowHttpClient, ReadsChunkedAndCloseDelimitedBodies) {
  constexpr std::string_view kSteps =
      R"([{"http": {"path": "/"}, "checks": {"whole": {"json": "/a", "equals": "bc"}}}])";
  FlowWorld chunked;
  chunked.scripts = {{read_request(),
                      write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                      write(chunk("{\"a\":\"b")), pause(1ms), write(chunk("c\"}") + last_chunk())}};
  chunked.run(kSteps);
  EXPECT_DOUBLE_EQ(chunked.only("checks").value, 1);
  EXPECT_EQ(tag(chunked.only("checks"), "check"), "whole");
  FlowWorld closed;
  closed.scripts = {{read_request(), write("HTTP/1.1 200 OK\r\n\r\n{\"a\":\"bc\"}"), finish()}};
  closed.run(kSteps);
  EXPECT_DOUBLE_EQ(closed.only("checks").value, 1);
}

struct FailureCase {
  const char* name;
  std::vector<Script> scripts;
  const char* error_code;
  const char* error;
};

void PrintTo(const FailureCase& each, std::ostream* out) { *out << each.name; }

class FlowHttpFailure : public testing::TestWithParam<FailureCase> {};

TEST_P(FlowHttpFailure, IsOneFailedRequestWithK6sCode) {
  FlowWorld world;
  world.scripts = GetParam().scripts;
  world.settings.client.response_bytes_max = 1'000'000;
  EXPECT_EQ(world.run(kGet).kind, IterationOutcome::Kind::completed);
  const SeenSample sample = world.only("http_reqs");
  EXPECT_EQ(tag(sample, "error_code"), GetParam().error_code);
  EXPECT_EQ(tag(sample, "error"), GetParam().error);
  EXPECT_EQ(tag(sample, "status"), "0");
  EXPECT_EQ(tag(sample, "expected_response"), "false");
  EXPECT_DOUBLE_EQ(world.only("http_req_failed").value, 1);
  for (const char* const trend :
       {"http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking",
        "http_req_sending", "http_req_waiting", "http_req_receiving"}) {
    EXPECT_EQ(world.count(trend), 1u) << trend;
    EXPECT_EQ(world.only(trend).tags, sample.tags) << trend;
  }
}

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

INSTANTIATE_TEST_SUITE_P(
    All, FlowHttpFailure,
    testing::Values(
        FailureCase{"Refused", {}, "1212", "dial: connection refused"},
        FailureCase{"ResetBeforeTheHead",
                    {{read_request(), reset()}},
                    "1220",
                    "read: connection reset by peer"},
        FailureCase{"ResetInTheBody",
                    {{read_request(), write(kHead + "abc"), pause(1ms), reset()}},
                    "1220",
                    "read: connection reset by peer"},
        FailureCase{"ClosedBeforeTheHead", {{read_request(), finish()}}, "1000", "EOF"},
        FailureCase{"ClosedInTheHead",
                    {{read_request(), write("HTTP/1.1 20"), finish()}},
                    "1000",
                    "unexpected EOF"},
        FailureCase{"ClosedInTheBody",
                    {{read_request(), write(kHead + "abc"), finish()}},
                    "1000",
                    "unexpected EOF"},
        FailureCase{"SlowHead", {{read_request(), pause(11s)}}, "1050", "request timeout"},
        FailureCase{
            "SlowBody", {{read_request(), write(kHead), pause(11s)}}, "1050", "request timeout"},
        FailureCase{"Garbage",
                    {{read_request(), write("\x01\x02\xff garbage\r\n\r\n")}},
                    "1000",
                    "malformed HTTP message"},
        FailureCase{"BadChunk",
                    {{read_request(),
                      write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")}},
                    "1000",
                    "malformed HTTP message"},
        FailureCase{"EndlessHead",
                    {{read_request(), write("HTTP/1.1 200 OK\r\n"),
                      flood("X-Field: " + std::string(1000, 'x') + "\r\n")}},
                    "1000",
                    "header section too large"},
        FailureCase{
            "EndlessBody",
            {{read_request(), write("HTTP/1.1 200 OK\r\n\r\n"), flood(std::string(60'000, 'x'))}},
            "1000",
            "response body above responseBytesMax (1000000 bytes)"},
        FailureCase{
            "BadGzip",
            {{read_request(), write(response(200, "not gzip", "Content-Encoding: gzip\r\n"))}},
            "1701",
            "invalid content encoding: malformed HTTP message"}),
    [](const auto& each) { return each.param.name; });

TEST(FlowHttpClient, AStreamThatIsOnlyMeasuredMayBeLong) {
  FlowWorld world;
  world.settings.client.response_bytes_max = 20'000;
  const std::string token = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" +
                            std::string(1000, 'x') + "\"}}]}\n\n";
  Script script{read_request(), write(stream_head())};
  for (int i = 0; i < 100; ++i) script.push_back(write(chunk(token)));
  script.push_back(write(chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},"
                               "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n") +
                         last_chunk()));
  world.scripts = {script};
  world.run(R"([{"chat": {"prompt": "Hello", "stream": true}}])");
  EXPECT_DOUBLE_EQ(world.only("llm_streaming_success").value, 1);
  EXPECT_DOUBLE_EQ(world.only("llm_tokens_generated").value, 100);
}

TEST(FlowHttpClient, NamesAnUnknownHost) {
  FlowWorld world;
  world.settings.base_url = parse_url("http://nowhere").value();
  world.run(kGet);
  EXPECT_EQ(tag(world.only("http_reqs"), "error_code"), "1101");
  EXPECT_EQ(tag(world.only("http_reqs"), "error"), "lookup: no such host");
}

TEST(FlowHttpClient, TimesOutAtTheStepsDeadlineAndNotLater) {
  FlowWorld world;
  world.scripts = {{read_request(), pause(1h)}};
  world.run(kGet);
  EXPECT_DOUBLE_EQ(world.only("iteration_duration").value, 10'000);
  EXPECT_DOUBLE_EQ(world.only("http_req_waiting").value,
                   10'000 - 2 - world.only("http_req_sending").value);
}

TEST(FlowHttpClient, ResendsOnceWhenAKeptConnectionWasClosed) {
  FlowWorld world;
  const Act ok = write(response(200, "{}"));
  world.scripts = {{read_request(), ok, pause(5ms), finish()}, {read_request(), ok}};
  world.run(R"([{"http": {"path": "/"}}, {"sleep": "1s"}])", 2);
  EXPECT_EQ(world.received.size(), 2u);
  EXPECT_EQ(world.count("http_reqs"), 2u);
  EXPECT_DOUBLE_EQ(world.sum("http_req_failed"), 0);
}

TEST(FlowHttpClient, ResendsAPostOnlyIfTheServerHadLeftBefore) {
  constexpr std::string_view kPosts =
      R"([{"http": {"method": "POST", "path": "/", "body": "x"}}, {"sleep": "1s"}])";
  const Act ok = write(response(200, "{}"));
  FlowWorld closed;
  closed.scripts = {{read_request(), ok, pause(5ms), finish()}, {read_request(), ok}};
  closed.run(kPosts, 2);
  EXPECT_EQ(closed.received.size(), 2u);
  EXPECT_DOUBLE_EQ(closed.sum("http_req_failed"), 0);
  FlowWorld said_so;
  said_so.scripts = {{read_request(), ok, pause(5ms), write(response(408, "")), finish()},
                     {read_request(), ok}};
  said_so.run(kPosts, 2);
  EXPECT_EQ(said_so.received.size(), 2u);
  EXPECT_DOUBLE_EQ(said_so.sum("http_req_failed"), 0);
  // Who knows what a server did with a request that it has read.
  FlowWorld broken;
  broken.scripts = {{read_request(), ok, read_request(), pause(300ms), reset()},
                    {read_request(), ok}};
  broken.run(kPosts, 2);
  EXPECT_EQ(broken.received.size(), 1u);
  ASSERT_EQ(broken.count("http_reqs"), 2u);
  EXPECT_DOUBLE_EQ(broken.sum("http_req_failed"), 1);
  EXPECT_EQ(tag(broken.of("http_reqs")[1], "error_code"), "1220");
  EXPECT_EQ(tag(broken.of("http_reqs")[1], "status"), "0");
  EXPECT_NEAR(broken.of("http_req_duration")[1].value, 302, 0.1);
}

TEST(FlowHttpClient, ResendsAGetWhoseKeptConnectionBroke) {
  FlowWorld world;
  const Act ok = write(response(200, "{}"));
  world.scripts = {{read_request(), ok, read_request(), pause(300ms), reset()},
                   {read_request(), ok}};
  world.run(kGet, 2);
  EXPECT_EQ(world.received.size(), 2u);
  EXPECT_EQ(world.count("http_reqs"), 2u);
  EXPECT_DOUBLE_EQ(world.sum("http_req_failed"), 0);
}

TEST(FlowHttpClient, DoesNotResendOnANewConnection) {
  FlowWorld world;
  world.scripts = {{read_request(), reset()}, {read_request(), write(response(200, "{}"))}};
  world.run(kGet);
  EXPECT_EQ(world.received.size(), 1u);
  EXPECT_DOUBLE_EQ(world.sum("http_req_failed"), 1);
}

TEST(FlowHttpClient, FollowsRedirectsEachItsOwnRequest) {
  FlowWorld world;
  world.scripts = {{read_request(), write(response(302, "", "Location: /b\r\n")), read_request(),
                    write(response(200, "{}"))}};
  world.run(
      R"([{"http": {"method": "POST", "path": "/a", "body": "x"}, "checks": {"ok": {"status": 200}}}])");
  ASSERT_EQ(world.count("http_reqs"), 2u);
  EXPECT_EQ(tag(world.of("http_reqs")[0], "status"), "302");
  EXPECT_EQ(tag(world.of("http_reqs")[1], "url"), "http://gateway/b");
  EXPECT_EQ(tag(world.of("http_reqs")[1], "method"), "GET");
  EXPECT_NE(world.received[0].find("GET /b HTTP/1.1\r\n"), std::string::npos);
  EXPECT_DOUBLE_EQ(world.only("checks").value, 1);
}

TEST(FlowHttpClient, KeepsMethodAndBodyOn307) {
  FlowWorld world;
  world.scripts = {{read_request(), write(response(307, "", "Location: /b\r\n")), read_request(),
                    write(response(200, "{}"))}};
  world.run(R"([{"http": {"method": "POST", "path": "/a", "body": "the body"}}])");
  const std::size_t second = world.received[0].find("POST /b HTTP/1.1\r\n");
  ASSERT_NE(second, std::string::npos);
  EXPECT_NE(world.received[0].find("the body", second), std::string::npos);
}

TEST(FlowHttpClient, StopsAfterTenRedirects) {
  FlowWorld world;
  Script script;
  for (int i = 0; i < 20; ++i) {
    script.push_back(read_request());
    script.push_back(write(response(302, "", "Location: /again\r\n")));
  }
  world.scripts = {script};
  world.run(kGet);
  EXPECT_EQ(world.count("http_reqs"), 11u);
  ASSERT_EQ(world.warnings.size(), 1u);
  EXPECT_TRUE(world.warnings[0].starts_with("stopped after 10 redirects")) << world.warnings[0];
}

TEST(FlowHttpClient, RedirectsToEverNewUrlsKeepTheirStatus) {
  FlowWorld world;
  world.settings.client.redirects_max = 300;
  Script script;
  for (int i = 0; i < 300; ++i) {
    script.push_back(read_request());
    script.push_back(write(response(302, "", "Location: /" + std::to_string(i) + "\r\n")));
  }
  script.push_back(read_request());
  script.push_back(write(response(200, "{}")));
  world.scripts = {script};
  world.run(kGet);
  std::map<std::string, int> urls;
  std::map<std::string, int> statuses;
  for (const SeenSample& sample : world.of("http_reqs")) {
    ++urls[tag(sample, "url")];
    ++statuses[tag(sample, "status")];
  }
  EXPECT_EQ(statuses, (std::map<std::string, int>{{"200", 1}, {"302", 300}}));
  // The step's own, a hundred of the server's, and one for the rest.
  EXPECT_EQ(urls.size(), 102u);
  EXPECT_EQ(urls["(further redirects)"], 200);
  ASSERT_EQ(world.warnings.size(), 1u);
  EXPECT_NE(world.warnings[0].find("more than 100 different URLs"), std::string::npos);
}

TEST(FlowHttpClient, SendsNoKeyToAnotherHost) {
  FlowWorld world;
  world.runtime.add_host("other", "10.0.0.1");
  world.scripts = {{read_request(), write(response(307, "", "Location: http://other/\r\n"))},
                   {read_request(), write(response(200, "{}"))}};
  world.run(R"([{"http": {"path": "/", "headers": {"Authorization": "Bearer key"}}}])");
  ASSERT_EQ(world.received.size(), 2u);
  EXPECT_NE(world.received[0].find("Authorization"), std::string::npos);
  EXPECT_EQ(world.received[1].find("Authorization"), std::string::npos);
}

TEST(FlowHttpClient, SurvivesWhateverBytesComeInWhateverPieces) {
  const std::string pieces[] = {"HTTP/1.1 200 OK\r\n",
                                "Content-Length: 5\r\n",
                                "Transfer-Encoding: chunked\r\n",
                                "\r\n",
                                "5\r\nhello\r\n",
                                "0\r\n\r\n",
                                "HTTP/1.1 100 Continue\r\n\r\n",
                                "\x00\xff\r\n",
                                "Content-Encoding: gzip\r\n",
                                "ffffffffffffffff\r\n"};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FlowWorld world(seed);
    lab::Rng rng(seed);
    Script script{read_request()};
    for (std::uint64_t i = rng.below(12); i > 0; --i) {
      std::string bytes = pieces[rng.below(std::size(pieces))];
      if (rng.below(4) == 0) bytes.resize(rng.below(bytes.size() + 1));
      script.push_back(write(bytes));
      if (rng.below(2) == 0) script.push_back(pause(3ms));
    }
    if (const std::uint64_t end = rng.below(3); end > 0) {
      script.push_back(end == 1 ? finish() : reset());
    }
    world.scripts = {script};
    EXPECT_EQ(world.run(kGet).kind, IterationOutcome::Kind::completed);
    EXPECT_EQ(world.count("http_reqs"), 1u);
    EXPECT_LE(world.only("iteration_duration").value, 10'000);
  }
}

}  // namespace
}  // namespace loader::test
