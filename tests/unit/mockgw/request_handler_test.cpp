#include "mockgw/answer/request_handler.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr const char* kChat = "/v1/chat/completions";

class RequestHandler : public testing::Test {
 protected:
  void configure(std::string_view text) {
    auto config = read_gateway_config(text, "gateway.json", {});
    ASSERT_TRUE(config) << config.error().to_string();
    state = std::make_shared<GatewayState>(std::move(*config), GatewayClock{}, nullptr);
  }
  void SetUp() override {
    configure(R"({"latency":{"ttft":"100ms","itl":"10ms","other":"2ms"},"tokens":{"output":5}})");
  }
  Exchange get(const char* method, const char* target) {
    request = base;
    request.method = method;
    request.target = target;
    return answered();
  }
  Exchange chat(std::string body) {
    request = base;
    request.method = "POST";
    request.target = kChat;
    request.body = std::move(body);
    return answered();
  }
  Exchange answered() {
    Exchange exchange;
    exchange.begin(state, arrival);
    answer_request(exchange);
    return exchange;
  }
  static lab::Json json(const Exchange& answer) { return lab::Json::parse(answer.response.body); }
  static std::string header(const Exchange& answer, std::string_view name) {
    return std::string(answer.response.headers.find(name).value_or("absent"));
  }

  std::shared_ptr<GatewayState> state;
  lab::HttpRequest base;
  lab::HttpRequest request;  // The last one.
  Arrival arrival{.http = request,
                  .number = 1,
                  .moment = {.arrival_wall = lab::WallTime(std::chrono::seconds(1700000000))}};
};

constexpr const char* kHello =
    R"({"model":"gpt-4","messages":[{"role":"user","content":"Say hello."}]})";
constexpr const char* kHelloStream =
    R"({"model":"gpt-4","stream":true,"messages":[{"role":"user","content":"Say hello."}]})";

TEST_F(RequestHandler, HealthModelsAndOneModel) {
  EXPECT_EQ(json(get("GET", "/health?x=1"))["status"], "healthy");
  const Exchange models = get("GET", "/v1/models");
  EXPECT_EQ(models.response.status, 200u);
  EXPECT_EQ(json(models)["data"].size(), 6u);
  EXPECT_EQ(json(get("GET", "/v1/models/gpt-4"))["id"], "gpt-4");
  const Exchange unknown = get("GET", "/v1/models/gpt-9");
  EXPECT_EQ(unknown.response.status, 404u);
  EXPECT_EQ(json(unknown)["error"]["code"], "model_not_found");
  EXPECT_EQ(models.reply.due, std::chrono::milliseconds(2));
}

TEST_F(RequestHandler, WrongRoutesAndMethods) {
  EXPECT_EQ(get("GET", "/v1/nothing").response.status, 404u);
  const Exchange wrong = get("GET", kChat);
  EXPECT_EQ(wrong.response.status, 405u);
  EXPECT_EQ(header(wrong, "allow"), "POST");
  EXPECT_EQ(json(wrong)["error"]["type"], "invalid_request_error");
  const Exchange options = get("OPTIONS", kChat);
  EXPECT_EQ(options.response.status, 204u);
  EXPECT_EQ(header(options, "allow"), "POST");
}

TEST_F(RequestHandler, BufferedChat) {
  const Exchange answer = chat(kHello);
  EXPECT_EQ(answer.reply.kind, Reply::Kind::response);
  EXPECT_EQ(answer.response.status, 200u);
  EXPECT_EQ(answer.reply.due, std::chrono::milliseconds(140));
  const lab::Json body = json(answer);
  EXPECT_EQ(body["object"], "chat.completion");
  EXPECT_EQ(body["created"], 1700000000);
  EXPECT_EQ(body["usage"]["completion_tokens"], 5);
  EXPECT_EQ(body["choices"][0]["finish_reason"], "stop");
  EXPECT_FALSE(body["choices"][0]["message"]["content"].get<std::string>().empty());
  EXPECT_EQ(header(answer, "openai-processing-ms"), "140");
  EXPECT_EQ(header(answer, "content-type"), "application/json");
}

TEST_F(RequestHandler, StreamedChat) {
  const Exchange answer = chat(kHelloStream);
  EXPECT_EQ(answer.reply.kind, Reply::Kind::stream);
  EXPECT_EQ(header(answer, "content-type"), "text/event-stream");
  EXPECT_EQ(answer.script.size(), 10u);
  EXPECT_EQ(answer.script.back().due, std::chrono::milliseconds(140));
}

TEST_F(RequestHandler, RequestIdsAreEchoedOrMade) {
  EXPECT_TRUE(header(chat(kHello), "x-request-id").starts_with("req_"));
  base.headers.add("X-Request-ID", "load-test-1");
  EXPECT_EQ(header(chat(kHello), "x-request-id"), "load-test-1");
  EXPECT_EQ(header(get("GET", "/v1/nothing"), "x-request-id"), "load-test-1");
}

TEST_F(RequestHandler, BadRequestsAreRefusedAsOpenaiDoes) {
  EXPECT_EQ(chat("{").response.status, 400u);
  const Exchange missing = chat(R"({"model":"gpt-4"})");
  EXPECT_EQ(missing.response.status, 400u);
  EXPECT_EQ(json(missing)["error"]["param"], "messages");
  const Exchange unknown = chat(R"({"model":"gpt-9","messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(unknown.response.status, 404u);
  EXPECT_EQ(json(unknown)["error"]["code"], "model_not_found");
}

TEST_F(RequestHandler, KeysAreCheckedWhereConfigured) {
  configure(R"({"auth":{"keys":["right-key"]}})");
  EXPECT_EQ(chat(kHello).response.status, 401u);
  EXPECT_EQ(get("GET", "/health").response.status, 200u);
  base.headers.add("Authorization", "Bearer wrong-key-here");
  const Exchange wrong = chat(kHello);
  EXPECT_EQ(wrong.response.status, 401u);
  EXPECT_EQ(json(wrong)["error"]["code"], "invalid_api_key");
  EXPECT_EQ(wrong.response.body.find("wrong-key-here"), std::string::npos);
  base.headers.set("Authorization", "Bearer right-key");
  EXPECT_EQ(chat(kHello).response.status, 200u);
}

TEST_F(RequestHandler, KongTellsTheModelItIsConfiguredWith) {
  configure(R"({"profile":"kong","models":{"gpt-4o":{},"gpt-4":{}}})");
  const char* const told = "cannot use own model - must be: gpt-4o";
  EXPECT_EQ(
      json(chat(
          R"({"model":"mine","messages":[{"role":"user","content":"a"}]})"))["error"]["message"],
      told);
  EXPECT_EQ(json(get("GET", "/v1/models/mine"))["error"]["message"], told);
}

TEST_F(RequestHandler, RoutesAndKeysAreTheProfiles) {
  base.headers.add("authorization", "Bearer sk-other");
  base.headers.add("x-litellm-api-key", "Bearer sk-1");
  configure(R"({"profile":"litellm","auth":{"keys":["sk-1"]}})");
  EXPECT_EQ(chat(kHello).response.status, 200u);
  EXPECT_EQ(get("GET", "/models").response.status, 200u);
  EXPECT_EQ(json(get("GET", "/models/gpt-4"))["id"], "gpt-4");
  EXPECT_EQ(get("GET", "/chat/completions").response.status, 405u);
  configure(R"({"profile":"openai","auth":{"keys":["sk-1"]}})");
  EXPECT_EQ(chat(kHello).response.status, 401u);
  EXPECT_EQ(get("GET", "/models").response.status, 404u);
  configure(R"({"profile":"portkey","auth":{"keys":["sk-1"]}})");
  EXPECT_EQ(chat(kHello).response.status, 401u);
  base.headers.add("x-portkey-api-key", "sk-1");
  EXPECT_EQ(chat(kHello).response.status, 200u);
}

TEST_F(RequestHandler, AStatusFaultAnswersInTheProfilesWords) {
  configure(R"({"faults":[{"fault":{"kind":"status","status":429,"retry_after":7,
                "headers":{"x-should-retry":"false"}}}]})");
  const Exchange answer = chat(kHelloStream);
  EXPECT_EQ(answer.reply.kind, Reply::Kind::response);
  EXPECT_EQ(answer.response.status, 429u);
  EXPECT_EQ(json(answer)["error"]["code"], "rate_limit_exceeded");
  EXPECT_EQ(header(answer, "retry-after"), "7");
  EXPECT_EQ(header(answer, "x-should-retry"), "false");
}

TEST_F(RequestHandler, AStatusFaultMayBringItsOwnBody) {
  configure(R"({"faults":[{"fault":{"kind":"status","status":503,"body":"<h1>down</h1>"}}]})");
  const Exchange answer = chat(kHello);
  EXPECT_EQ(answer.response.status, 503u);
  EXPECT_EQ(answer.response.body, "<h1>down</h1>");
  EXPECT_EQ(header(answer, "content-type"), "text/plain");
}

TEST_F(RequestHandler, AProfileThatCommitsItsHeadersFailsInBand) {
  configure(R"({"profile":"refgw","faults":[{"fault":{"kind":"status","status":500}}]})");
  const Exchange stream = chat(kHelloStream);
  EXPECT_EQ(stream.reply.kind, Reply::Kind::stream);
  EXPECT_EQ(stream.response.status, 200u);
  EXPECT_NE(stream.texts.error.data.find("error"), std::string::npos);
  EXPECT_EQ(chat(kHello).response.status, 502u);
}

TEST_F(RequestHandler, BufferedFaults) {
  configure(R"({"latency":{"ttft":"0s","itl":"0s"},"faults":[
      {"match":{"header":{"f":"abort"}},"fault":{"kind":"abort_before_headers"}},
      {"match":{"header":{"f":"reset"}},"fault":{"kind":"reset_mid_stream"}},
      {"match":{"header":{"f":"usage"}},"fault":{"kind":"missing_usage"}},
      {"match":{"header":{"f":"malformed"}},"fault":{"kind":"malformed_chunk"}},
      {"match":{"header":{"f":"type"}},"fault":{"kind":"wrong_content_type"}},
      {"match":{"header":{"f":"stall"}},"fault":{"kind":"stall","duration":"9s"}},
      {"match":{"header":{"f":"slow"}},"fault":{"kind":"slow_headers","delay":"3s"}}]})");
  const auto with = [&](const char* fault) {
    base.headers.set("f", fault);
    return chat(kHello);
  };
  EXPECT_EQ(with("abort").reply.kind, Reply::Kind::reset);
  EXPECT_EQ(with("reset").reply.kind, Reply::Kind::broken_body);
  EXPECT_FALSE(json(with("usage")).contains("usage"));
  EXPECT_TRUE(json(with("usage")).contains("choices"));
  EXPECT_FALSE(lab::Json::accept(with("malformed").response.body));
  EXPECT_EQ(header(with("type"), "content-type"), "text/html");
  EXPECT_EQ(with("stall").reply.due, std::chrono::seconds(9));
  EXPECT_EQ(with("slow").reply.due, std::chrono::seconds(3));
}

TEST_F(RequestHandler, TheUpstreamTimesOut) {
  configure(R"({"latency":{"ttft":"5s","itl":"0s"},"timeouts":{"ttft":"3s"}})");
  const Exchange answer = chat(kHello);
  EXPECT_EQ(answer.response.status, 504u);
  EXPECT_EQ(answer.reply.due, std::chrono::seconds(3));
}

TEST_F(RequestHandler, AModelsIdIsDecodedAndFoundAsAChatFindsIt) {
  EXPECT_EQ(get("GET", "/v1/models/any").response.status, 404u);
  configure(R"({"models": {"meta/llama-3": {"owned_by": "meta"}, "*": {"owned_by": "any"}}})");
  EXPECT_EQ(json(get("GET", "/v1/models/meta%2Fllama-3"))["owned_by"], "meta");
  EXPECT_EQ(json(get("GET", "/v1/models/meta/llama-3"))["id"], "meta/llama-3");
  const lab::Json other = json(get("GET", "/v1/models/some%20one"));
  EXPECT_EQ(other["id"], "some one");
  EXPECT_EQ(other["owned_by"], "any");
  // No encoding of anything.
  EXPECT_EQ(get("GET", "/v1/models/bad%2").response.status, 404u);
  EXPECT_EQ(get("GET", "/v1/models/bad%zz").response.status, 404u);
}

TEST_F(RequestHandler, UnreadableRequestsGetTheReason) {
  const auto status = [&](lab::ErrorCode reason) {
    Exchange answer;
    answer.begin(state, arrival);
    answer_unreadable(answer, reason);
    EXPECT_TRUE(json(answer).contains("error"));
    return answer.response.status;
  };
  EXPECT_EQ(status(lab::Errc::bad_message), 400u);
  EXPECT_EQ(status(lab::Errc::partial_message), 400u);
  EXPECT_EQ(status(lab::Errc::timeout), 408u);
  EXPECT_EQ(status(lab::Errc::body_too_large), 413u);
  EXPECT_EQ(status(lab::Errc::header_too_large), 431u);
  namespace errc = boost::system::errc;
  EXPECT_EQ(status(errc::make_error_code(errc::not_supported)), 501u);
  EXPECT_EQ(status(errc::make_error_code(errc::protocol_not_supported)), 505u);
}

TEST_F(RequestHandler, AnAnswerReusedLeaksNothing) {
  configure(R"({"latency":{"ttft":"0s","itl":"0s","other":"0s"},
                "faults":[{"match":{"first_n":1},"fault":{"kind":"status","status":429,"retry_after":1}}]})");
  Exchange answer = chat(kHello);
  EXPECT_EQ(header(answer, "retry-after"), "1");
  answer.begin(state, arrival);
  answer_request(answer);
  EXPECT_EQ(answer.response.status, 200u);
  EXPECT_EQ(header(answer, "retry-after"), "absent");
  EXPECT_TRUE(answer.reply.faults.empty());
}

TEST_F(RequestHandler, ASpanBeginsWithTheRequestHoweverLateItsAnswerIs) {
  configure(R"({"profile":"refgw-head","latency":{"other":"2ms"},"faults":[
      {"match":{"path":"/v1/models"},"fault":{"kind":"latency","delay":"3s"}},
      {"match":{"path":"/v1/models"},"fault":{"kind":"status","status":500}}]})");
  const lab::Json span = json(get("GET", "/v1/models"))["repo_span"];
  EXPECT_EQ(span["start_time"], "2023-11-14T22:13:20Z");
  EXPECT_EQ(span["end_time"], "2023-11-14T22:13:23.002Z");
}

TEST_F(RequestHandler, AModelsNameIsShortBecauseEveryChunkRepeatsIt) {
  configure(R"({"models":{"*":{}}})");
  const auto ask = [&](std::size_t size) {
    return chat(R"({"model":")" + std::string(size, 'm') +
                R"(","messages":[{"role":"user","content":"a"}]})");
  };
  EXPECT_EQ(ask(256).response.status, 200u);
  const Exchange refused = ask(257);
  EXPECT_EQ(refused.response.status, 400u);
  EXPECT_EQ(json(refused)["error"]["param"], "model");
  EXPECT_EQ(json(refused)["error"]["code"], "string_above_max_length");
}

TEST_F(RequestHandler, AnErrorRepeatsLittleOfTheRequest) {
  const Exchange lost = get("GET", ("/" + std::string(50'000, 'p')).c_str());
  EXPECT_EQ(lost.response.status, 404u);
  EXPECT_LT(lost.response.body.size(), 2'000u);
  const Exchange role = chat(R"({"model":"gpt-4","messages":[{"role":")" +
                             std::string(1'000'000, 'r') + R"(","content":"a"}]})");
  EXPECT_EQ(role.response.status, 400u);
  EXPECT_LT(role.response.body.size(), 4'000u);
}

TEST_F(RequestHandler, LargeLogprobsAreMadeInPieces) {
  const std::string asks = R"({"model":"gpt-4","logprobs":true,"top_logprobs":20,
                               "messages":[{"role":"user","content":"a"}],"n":)";
  EXPECT_EQ(chat(asks + "1}").reply.kind, Reply::Kind::response);
  const Exchange large = chat(asks + "128}");
  EXPECT_EQ(large.reply.kind, Reply::Kind::pieces);
  EXPECT_TRUE(large.response.body.empty());
  EXPECT_EQ(header(large, "content-type"), "application/json");
  configure(R"({"profile":"refgw-head"})");
  base.headers.add("X-Parent-Span-Id", "01234567-89ab-4cde-8f01-23456789abcd");
  const Exchange wrapped = chat(asks + "128}");
  EXPECT_EQ(wrapped.reply.kind, Reply::Kind::pieces);
  EXPECT_TRUE(lab::Json::accept(wrapped.pieces.before + "{}" + wrapped.pieces.after));
}

}  // namespace
}  // namespace mockgw
