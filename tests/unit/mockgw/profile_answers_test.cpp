// What the server makes of a profile: which of its promises a request gets to see.
#include <gtest/gtest.h>

#include "mockgw/answer/request_handler.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kParent = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

class ProfileAnswers : public testing::Test {
 protected:
  /// `rest` are further sections of the gateway file, each with a comma in front.
  void configure(std::string_view profile, std::string_view rest = "") {
    const std::string text = R"({"latency":{"ttft":"100ms","itl":"10ms","other":"2ms"},)"
                             R"("tokens":{"output":5},"profile":")" +
                             std::string(profile) + '"' + std::string(rest) + '}';
    auto config = read_gateway_config(text, "gateway.json", {});
    ASSERT_TRUE(config) << config.error().to_string();
    state = std::make_shared<GatewayState>(std::move(*config), GatewayClock{}, nullptr);
  }
  void configure_fault(std::string_view profile, std::string_view fault) {
    configure(profile, R"(,"circuit_breaker":{"enabled":false},"faults":[{"fault":)" +
                           std::string(fault) + "}]");
  }
  Exchange chat(bool stream = false, std::string_view model = "gpt-4") {
    return post(R"({"model":")" + std::string(model) +
                R"(","messages":[{"role":"user","content":"Say hello."}])" +
                (stream ? R"(,"stream":true})" : "}"));
  }
  Exchange post(std::string body) { return ask("POST", "/v1/chat/completions", std::move(body)); }
  Exchange ask(std::string method, std::string target, std::string body = "") {
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.headers = headers;
    Exchange exchange;
    exchange.begin(state, arrival);
    answer_request(exchange);
    return exchange;
  }
  static lab::Json json(const Exchange& answer) { return lab::Json::parse(answer.response.body); }
  static std::string message(const Exchange& answer) { return json(answer)["error"]["message"]; }
  static std::string header(const Exchange& answer, std::string_view name) {
    return std::string(answer.response.headers.find(name).value_or("absent"));
  }

  std::shared_ptr<GatewayState> state;
  lab::HttpHeaders headers;
  lab::HttpRequest request;  // The last one.
  Arrival arrival{.http = request,
                  .number = 1,
                  .moment = {.arrival_wall = lab::WallTime(std::chrono::seconds(1700000000))}};
};

TEST_F(ProfileAnswers, WhatIsWrongWithTheJsonIsSaidOnce) {
  configure("openai");
  EXPECT_EQ(post("{").response.body,
            R"({"error":{"message":"We could not parse the JSON body of your request: )"
            R"(incomplete JSON at byte 1.","type":"invalid_request_error","param":null,)"
            R"("code":null}})");
  configure("refgw");
  EXPECT_EQ(post("{").response.body,
            R"({"error":{"message":"Invalid JSON: incomplete JSON at byte 1.",)"
            R"("type":"invalid_request_error"}})");
}

TEST_F(ProfileAnswers, StrictnessIsTheProfiles) {
  const std::string body =
      R"({"model":"gpt-4","messages":[{"role":"user","content":"a"}],"top_k":5,)"
      R"("min_tokens":7,"max_tokens":9})";
  configure("openai");
  const Exchange refused = post(body);
  EXPECT_EQ(refused.response.status, 400u);
  EXPECT_EQ(message(refused), "Unrecognized request arguments supplied: top_k, min_tokens");
  EXPECT_EQ(json(refused)["error"]["type"], "invalid_request_error");
  configure("openai", R"(,"requests":{"unknown_fields":"ignore"})");
  EXPECT_EQ(json(post(body))["usage"]["completion_tokens"], 5);
  configure("refgw");
  EXPECT_EQ(post(body).response.status, 200u);
  configure("vllm");
  EXPECT_EQ(json(post(body))["usage"]["completion_tokens"], 7);
}

TEST_F(ProfileAnswers, IgnoreEosFixesTheLengthWhereItIsKnown) {
  configure("vllm");
  const lab::Json answer =
      json(post(R"({"model":"gpt-4","messages":[{"role":"user","content":"a"}],"ignore_eos":true,)"
                R"("max_tokens":40})"));
  EXPECT_EQ(answer["usage"]["completion_tokens"], 40);
  EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
  const Exchange refused =
      post(R"({"model":"gpt-4","messages":[{"role":"user","content":"a"}],"min_tokens":41,)"
           R"("max_tokens":40})");
  EXPECT_EQ(refused.response.body,
            R"({"error":{"message":"min_tokens must be less than or equal to max_tokens=40, got )"
            R"(41.","type":"BadRequestError","param":null,"code":400}})");
}

TEST_F(ProfileAnswers, ACodedBodyIsNotRead) {
  headers.add("content-encoding", "gzip");
  configure("openai");
  const Exchange answer = chat();
  EXPECT_EQ(answer.response.status, 415u);
  EXPECT_EQ(header(answer, "accept-encoding"), "identity");
  EXPECT_EQ(
      message(answer),
      "Unsupported Content-Encoding: 'gzip'. Send the request body without a content coding.");
  configure("refgw");
  EXPECT_EQ(chat().response.status, 200u);
  configure("openai");
  headers.set("content-encoding", "identity");
  EXPECT_EQ(chat().response.status, 200u);
}

TEST_F(ProfileAnswers, APreflightIsAnsweredAsTheGatewayAnswersIt) {
  headers.add("origin", "https://page.example");
  headers.add("access-control-request-method", "POST");
  headers.add("access-control-request-headers", "authorization, x-stainless-lang");
  configure("refgw");
  for (const char* path : {"/v1/chat/completions", "/v1/models", "/nothing"}) {
    const Exchange answer = ask("OPTIONS", path);
    EXPECT_EQ(answer.response.status, 200u) << path;
    std::string lines;
    answer.response.headers.append_to(lines);
    EXPECT_EQ(lines,
              "access-control-allow-origin: *\r\n"
              "access-control-allow-methods: GET,POST,PUT,DELETE,OPTIONS\r\n"
              "access-control-allow-headers: authorization,content-type,accept\r\n"
              "access-control-max-age: 3600\r\n"
              "vary: origin, access-control-request-method, access-control-request-headers\r\n")
        << path;
  }
  configure("openai", R"(,"auth":{"required":true})");
  const Exchange answer = ask("OPTIONS", "/v1/chat/completions");
  EXPECT_EQ(answer.response.status, 204u);
  EXPECT_EQ(header(answer, "access-control-allow-headers"), "authorization, x-stainless-lang");
  EXPECT_EQ(header(answer, "access-control-allow-methods"), "GET, POST, OPTIONS");
  configure("kong");
  EXPECT_EQ(header(ask("OPTIONS", "/v1/chat/completions"), "access-control-allow-origin"),
            "absent");
}

TEST_F(ProfileAnswers, APageMayReadWhatItIsAnswered) {
  configure("openai");
  EXPECT_EQ(header(chat(), "access-control-allow-origin"), "absent");
  EXPECT_EQ(header(chat(), "access-control-expose-headers"), "X-Request-ID");
  headers.add("origin", "https://page.example");
  EXPECT_EQ(header(chat(), "access-control-allow-origin"), "*");
  EXPECT_EQ(header(chat(true), "access-control-allow-origin"), "*");
  EXPECT_EQ(header(chat(false, "no-such"), "access-control-allow-origin"), "*");
  configure("refgw");
  EXPECT_EQ(header(chat(), "vary"),
            "origin, access-control-request-method, access-control-request-headers");
  configure("kong");
  EXPECT_EQ(header(chat(), "access-control-allow-origin"), "absent");
}

TEST_F(ProfileAnswers, WhatImitatesOpenAisWireHasItsDetails) {
  configure("openai");
  EXPECT_EQ(json(chat())["choices"][0]["message"]["annotations"], lab::Json::array());
  EXPECT_TRUE(chat(true).plan.padding);
  configure("openai", R"(,"streaming":{"obfuscation":false})");
  EXPECT_FALSE(chat(true).plan.padding);
  for (const char* profile : {"refgw", "litellm", "vllm"}) {
    configure(profile);
    EXPECT_FALSE(json(chat())["choices"][0]["message"].contains("annotations")) << profile;
    EXPECT_FALSE(chat(true).plan.padding) << profile;
  }
}

TEST_F(ProfileAnswers, TheProfileDecidesTheStatusOfAnUpstreamsFailure) {
  struct Row {
    const char* profile;
    const char* upstream;
    unsigned status;
  };
  const Row rows[] = {
      // A refusal by the upstream is not one by the gateway: neither its key nor its model is
      // meant.
      {"openai", "401", 401},     {"openai", "404", 404},
      {"refgw", "404", 500},      {"refgw-head", "401", 200},
      {"litellm", "404", 404},    {"bifrost", "401", 401},
      {"envoy", "400", 400},      {"kong", "403", 403},
      {"openai", "408", 408},     {"openai", "418", 418},
      {"openai", "429", 429},     {"openai", "500", 500},
      {"openai", "502", 502},     {"openai", "503", 503},
      {"openai", "504", 504},     {"openai", "529", 529},
      {"refgw", "500", 502},      {"refgw", "503", 502},
      {"refgw", "429", 502},      {"refgw-documented", "429", 429},
      {"refgw-head", "500", 200}, {"helicone", "502", 500},
      {"helicone", "504", 500},   {"portkey", "504", 408},
      {"portkey", "503", 503},    {"litellm", "504", 408},
      {"litellm", "529", 529},    {"envoy", "502", 503},
      {"kong", "503", 503},       {"bifrost", "503", 503},
  };
  headers.add("x-parent-span-id", kParent);
  for (const Row& row : rows) {
    configure_fault(row.profile, R"({"kind":"status","status":)" + std::string(row.upstream) + "}");
    const Exchange answer = chat();
    EXPECT_EQ(answer.response.status, row.status) << row.profile << " " << row.upstream;
    EXPECT_EQ(std::to_string(answer.reply.call.outcome.status), row.upstream) << row.profile;
    configure_fault(row.profile, R"({"kind":"status","body":"down","status":)" +
                                     std::string(row.upstream) + "}");
    EXPECT_EQ(std::to_string(chat().response.status), row.upstream) << row.profile;
  }
}

TEST_F(ProfileAnswers, AnOverloadedUpstreamIsNotABrokenOne) {
  configure_fault("openai", R"({"kind":"status","status":503})");
  const lab::Json error = json(chat())["error"];
  EXPECT_EQ(error["type"], "service_unavailable_error");
  EXPECT_EQ(error["code"], "server_is_overloaded");
}

TEST_F(ProfileAnswers, TextsNameTheProviderAndWhatItSaid) {
  configure_fault("refgw", R"({"kind":"status","status":500,"message":"boom"})");
  EXPECT_EQ(message(chat()), "openai: boom");
  EXPECT_EQ(message(chat(false, "claude-3-haiku-20240307")), "anthropic: boom");
  configure_fault("refgw", R"({"kind":"status","status":500})");
  EXPECT_EQ(message(chat()), "openai: The server had an error while processing your request.");
  EXPECT_EQ(chat(true).texts.error.data,
            R"({"error":{"message":"Streaming error: SSE error: openai: The server had an error )"
            R"(while processing your request.","type":"stream_error"}})");
  configure_fault("bifrost", R"({"kind":"status","status":429})");
  EXPECT_EQ(message(chat()), "Rate limit reached for requests");
  configure("kong");
  EXPECT_EQ(header(chat(), "x-kong-llm-model"), "openai/gpt-4");
  configure("portkey");
  EXPECT_EQ(header(chat(), "x-portkey-provider"), "openai");
  EXPECT_EQ(header(ask("GET", "/health"), "x-portkey-provider"), "absent");
}

TEST_F(ProfileAnswers, ALimitNamesWhomItHolds) {
  headers.add("authorization", "Bearer test-api-key");
  configure("litellm", R"(,"rate_limits":{"rules":[{"key_by":["model"],"requests":1}]})");
  (void)chat();
  EXPECT_TRUE(message(chat()).starts_with("Rate limit exceeded for model: gpt-4. "));
  configure("litellm", R"(,"rate_limits":{"rules":[{"key_by":["api_key"],"requests":1}]})");
  (void)chat();
  EXPECT_TRUE(message(chat()).starts_with("Rate limit exceeded for api_key: test****-key. "));
}

TEST_F(ProfileAnswers, ABreakerNamesTheProviderAndItsUsualTime) {
  configure("refgw", R"(,"circuit_breaker":{"forced":"open"})");
  EXPECT_EQ(message(chat()), "Provider openai is temporarily unavailable");
  configure("litellm", R"(,"circuit_breaker":{"forced":"open"})");
  const Exchange cooling = chat();
  EXPECT_NE(message(cooling).find("Try again in 5 seconds. "), std::string::npos);
  EXPECT_NE(message(cooling).find("cooldown_list=[openai]"), std::string::npos);
  EXPECT_EQ(header(cooling, "retry-after"), "5");
}

TEST_F(ProfileAnswers, AnyConditionCanBeBroughtAbout) {
  configure_fault("openai", R"({"kind":"error","condition":"budget_exceeded",
                                "headers":{"x-should-retry":"false"}})");
  const Exchange broke = chat(true);
  EXPECT_EQ(broke.reply.kind, Reply::Kind::response);
  EXPECT_EQ(broke.response.status, 429u);
  EXPECT_EQ(json(broke)["error"]["type"], "insufficient_quota");
  EXPECT_EQ(json(broke)["error"]["code"], "insufficient_quota");
  EXPECT_EQ(header(broke, "x-should-retry"), "false");
  EXPECT_EQ(broke.reply.condition, ErrorCondition::budget_exceeded);
  EXPECT_EQ(broke.reply.call.outcome.kind, CallOutcome::Kind::cancelled);
  // In texts with numbers there are some.
  configure_fault("openai", R"({"kind":"error","condition":"rate_limited_tokens"})");
  EXPECT_NE(message(chat()).find("(TPM): Limit 100, Used 100, Requested 101."), std::string::npos);
  // What the upstream did goes the way of streams; what the gateway itself says does not.
  configure_fault("refgw", R"({"kind":"error","condition":"upstream_connect"})");
  EXPECT_EQ(chat(true).reply.kind, Reply::Kind::stream);
  EXPECT_EQ(chat().response.status, 502u);
  EXPECT_EQ(chat().reply.call.outcome.kind, CallOutcome::Kind::connect);
  configure_fault("refgw", R"({"kind":"error","condition":"no_backend"})");
  EXPECT_EQ(chat(true).response.status, 503u);
}

TEST_F(ProfileAnswers, AModelNotListedIsNotAModelWithoutAProvider) {
  configure("refgw");
  const Exchange unlisted = ask("GET", "/v1/models/nope");
  EXPECT_EQ(unlisted.response.status, 404u);
  EXPECT_EQ(unlisted.response.body,
            R"({"error":{"message":"Model not found: nope","type":"not_found_error"}})");
  EXPECT_EQ(chat(false, "nope").response.status, 503u);
}

TEST_F(ProfileAnswers, AllowGoesWithMethodNotAllowedOnly) {
  configure("openai");
  EXPECT_EQ(header(ask("GET", "/v1/chat/completions"), "allow"), "POST");
  configure("kong");
  const Exchange kong = ask("GET", "/v1/chat/completions");
  EXPECT_EQ(kong.response.status, 404u);
  EXPECT_EQ(header(kong, "allow"), "absent");
}

TEST_F(ProfileAnswers, FailedCallsUseNoTokens) {
  configure_fault("openai", R"({"kind":"status","status":500})");
  EXPECT_EQ(chat().reply.call.prompt_tokens, 0);
  EXPECT_FALSE(chat().reply.is_completion);
  configure("openai");
  const Exchange good = chat();
  EXPECT_EQ(good.reply.call.prompt_tokens, good.plan.usage.prompt_tokens);
}

TEST_F(ProfileAnswers, ABufferedAnswerThatBreaksIsAFailureToTheBreaker) {
  using Kind = CallOutcome::Kind;
  const auto outcome = [&](const char* kind, bool stream) {
    configure_fault("openai", R"({"kind":")" + std::string(kind) + "\"}");
    return chat(stream).reply.call.outcome;
  };
  for (const char* kind : {"reset_mid_stream", "truncate_no_done", "malformed_chunk"}) {
    EXPECT_EQ(outcome(kind, true).kind, Kind::broken) << kind;
    EXPECT_EQ(outcome(kind, false).kind, Kind::connect) << kind;
  }
  EXPECT_EQ(outcome("stream_error_event", true).kind, Kind::broken);
  EXPECT_EQ(outcome("stream_error_event", false).status, 500u);
  EXPECT_EQ(chat().response.status, 500u);
  EXPECT_EQ(json(chat())["error"]["type"], "server_error");
  EXPECT_EQ(outcome("keepalive_only", false).kind, Kind::connect);
  EXPECT_EQ(chat().response.body, "");
  EXPECT_EQ(chat().reply.due, milliseconds(30'100));
}

TEST_F(ProfileAnswers, OnlyAPromptThatIsWorkedOnIsCached) {
  configure("openai", R"(,"models":{"gpt-4":{"latency":{"prefix_cache":
      {"block_tokens":1,"minimum_tokens":1}}}},
      "faults":[{"match":{"first_n":1},"fault":{"kind":"status","status":500}}])");
  EXPECT_EQ(chat().response.status, 500u);
  EXPECT_EQ(chat().plan.usage.cached_tokens, 0);
  EXPECT_GT(chat().plan.usage.cached_tokens, 0);
}

class HeadOfTheReference : public ProfileAnswers {};

TEST_F(HeadOfTheReference, AsksForAParentSpanBeforeItReadsTheBody) {
  configure("refgw-head");
  for (const char* span : {"", "no-uuid"}) {
    if (*span) headers.set("x-parent-span-id", span);
    const Exchange refused = post("{");
    EXPECT_EQ(refused.response.status, 400u);
    EXPECT_EQ(message(refused),
              "Missing or invalid X-Parent-Span-Id header. All execution requests must include a "
              "valid parent span UUID.");
  }
  EXPECT_EQ(ask("GET", "/v1/models").response.status, 200u);
  headers.set("x-parent-span-id", kParent);
  EXPECT_TRUE(message(post("{")).starts_with("Invalid JSON: "));
}

TEST_F(HeadOfTheReference, WrapsAnAnswerIntoItsExecution) {
  configure("refgw-head");
  headers.add("x-parent-span-id", kParent);
  const Exchange answer = chat();
  const lab::Json body = json(answer);
  const lab::Json& span = body["repo_span"];
  EXPECT_EQ(body["success"], true);
  EXPECT_EQ(body["result"]["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(span["parent_span_id"], kParent);
  EXPECT_EQ(span["start_time"], "2023-11-14T22:13:20Z");
  EXPECT_EQ(span["end_time"], "2023-11-14T22:13:20.14Z");
  EXPECT_NE(body["execution_id"], span["span_id"]);
  const RequiredHeader uuid{.name = {}, .format = RequiredHeader::Format::uuid, .detail = {}};
  EXPECT_TRUE(satisfies(uuid, body["execution_id"].get<std::string>()));
  // The same request gets the same ids in every run.
  EXPECT_EQ(chat().response.body, answer.response.body);
}

TEST_F(HeadOfTheReference, TellsFailuresAsSuccessfulAnswersThatCostNoTokens) {
  headers.add("x-parent-span-id", kParent);
  configure_fault("refgw-head", R"({"kind":"status","status":500,"message":"boom"})");
  const Exchange failed = chat();
  EXPECT_EQ(failed.response.status, 200u);
  EXPECT_FALSE(failed.reply.is_completion);
  EXPECT_EQ(json(failed)["success"], false);
  EXPECT_EQ(json(failed)["repo_span"]["failure_reason"], "openai: boom");
  EXPECT_EQ(json(failed)["repo_span"]["parent_span_id"], kParent);
  EXPECT_TRUE(json(failed)["result"].is_null());
}

TEST_F(HeadOfTheReference, EndsItsStreamsWithTheExecution) {
  headers.add("x-parent-span-id", kParent);
  configure("refgw-head");
  const Exchange good = chat(true);
  ASSERT_GT(good.script.size(), 2u);
  EXPECT_EQ(good.script[good.script.size() - 2].kind, StreamStepKind::trailer);
  EXPECT_EQ(good.texts.trailer.event, "execution_output");
  EXPECT_EQ(lab::Json::parse(good.texts.trailer.data)["success"], true);
  configure_fault("refgw-head", R"({"kind":"status","status":500})");
  const lab::Json failed = lab::Json::parse(chat(true).texts.trailer.data);
  EXPECT_EQ(failed["success"], false);
}

}  // namespace
}  // namespace mockgw
