#include "mockgw/profiles/profile.h"

#include <gtest/gtest.h>

#include "mockgw/breaker/circuit_breaker_config.h"
#include "mockgw/profiles/profile_reader.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

// Every placeholder that conditions may name, as a gateway would fill it in.
PlaceholderValues example_values() {
  PlaceholderValues values;
  values.set(Placeholder::detail, "missing field `model`");
  values.set(Placeholder::model, "gpt-4");
  values.set(Placeholder::provider, "openai");
  values.set(Placeholder::api_key, "sk-t***");
  values.set(Placeholder::organization, "org-lab");
  values.set(Placeholder::method, "GET");
  values.set(Placeholder::path, "/v1/chat/completions");
  values.set(Placeholder::allow, "POST");
  values.set(Placeholder::timeout_ms, "120000");
  values.set(Placeholder::upstream_status, "500");
  values.set(Placeholder::upstream_message, "boom");
  values.set(Placeholder::limit, "30000");
  values.set(Placeholder::used, "28039");
  values.set(Placeholder::requested, "3906");
  values.set(Placeholder::limit_unit, "tokens per min (TPM)");
  values.set(Placeholder::limit_kind, "tokens");
  values.set(Placeholder::limit_scope, "api_key");
  values.set(Placeholder::retry_after_seconds, "4");
  values.set(Placeholder::retry_after_text, "3.89s");
  values.set(Placeholder::reset_at, "2026-01-01T00:01:00Z");
  values.set(Placeholder::request_id, "req_1");
  values.set(Placeholder::processing_ms, "12");
  return values;
}

std::string header(const RenderedError& error, std::string_view name) {
  for (const auto& [key, value] : error.headers) {
    if (key == name) return value;
  }
  return "";
}

Profile profile_from(const char* text) {
  auto profile = read_profile(lab::parse_json(text, "mine.json").value(), "mine.json");
  EXPECT_TRUE(profile.has_value()) << profile.error().to_string();
  return *profile;
}

std::string problems_of(const char* text) {
  const auto profile = read_profile(lab::parse_json(text, "mine.json").value(), "mine.json");
  return profile.has_error() ? profile.error().what : "";
}

TEST(Profile, OpenAiTellsTheNumbersOfARateLimit) {
  const Profile openai = load_profile("openai").value();
  const RenderedError error =
      render_error(openai, ErrorCondition::rate_limited_tokens, example_values());
  EXPECT_EQ(error.status, 429U);
  EXPECT_EQ(error.content_type, "application/json");
  EXPECT_EQ(
      error.body,
      R"({"error":{"message":"Rate limit reached for gpt-4 in organization org-lab on tokens per )"
      R"(min (TPM): Limit 30000, Used 28039, Requested 3906. Please try again in 3.89s. Visit )"
      R"(https://platform.openai.com/account/rate-limits to learn more.","type":"tokens",)"
      R"("param":null,"code":"rate_limit_exceeded"}})");
}

TEST(Profile, ValidatorsFieldAndCodeReachTheBody) {
  PlaceholderValues values = example_values();
  values.set(Placeholder::param, "temperature");
  values.set(Placeholder::code, "decimal_above_max_value");
  EXPECT_EQ(render_error(load_profile("openai").value(), ErrorCondition::validation, values).body,
            R"({"error":{"message":"missing field `model`","type":"invalid_request_error",)"
            R"("param":"temperature","code":"decimal_above_max_value"}})");
  // LiteLLM's code is always the status.
  EXPECT_EQ(render_error(load_profile("litellm").value(), ErrorCondition::validation, values).body,
            R"({"error":{"message":"missing field `model`","type":"invalid_request_error",)"
            R"("param":"temperature","code":"400"}})");
  // The reference gateway leaves out what it has not.
  EXPECT_EQ(render_error(load_profile("refgw").value(), ErrorCondition::validation, values).body,
            R"({"error":{"message":"missing field `model`","type":"invalid_request_error",)"
            R"("param":"temperature"}})");
}

TEST(Profile, RetryAfterIsANumberInTheReferenceGatewaysBody) {
  EXPECT_EQ(render_error(load_profile("refgw").value(), ErrorCondition::rate_limited_requests,
                         example_values())
                .body,
            R"({"error":{"type":"rate_limit_exceeded","message":"Rate limit exceeded",)"
            R"("retry_after_seconds":4}})");
}

TEST(Profile, HeadersWithoutAValueAreLeftOut) {
  const Profile litellm = load_profile("litellm").value();
  EXPECT_EQ(
      header(render_error(litellm, ErrorCondition::circuit_open, example_values()), "retry-after"),
      "4");
  EXPECT_TRUE(render_error(litellm, ErrorCondition::circuit_open, {}).headers.empty());
}

TEST(Profile, UpstreamStatusIsPassedThroughWhenItIsAStatus) {
  const Profile openai = load_profile("openai").value();
  PlaceholderValues values = example_values();
  values.set(Placeholder::upstream_status, "529");
  EXPECT_EQ(render_error(openai, ErrorCondition::upstream_5xx, values).status, 529U);
  values.set(Placeholder::upstream_status, "none");
  EXPECT_EQ(render_error(openai, ErrorCondition::upstream_5xx, values).status, 500U);
  EXPECT_EQ(render_error(openai, ErrorCondition::upstream_5xx, {}).status, 500U);
}

TEST(Profile, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  PlaceholderValues values;
  values.set(Placeholder::model, "\xff\xfe");
  const std::string body =
      render_error(load_profile("openai").value(), ErrorCondition::model_not_found, values).body;
  EXPECT_NE(body.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(Profile, StreamErrorsSpeakOfTheirCause) {
  EXPECT_EQ(
      render_stream_error(load_profile("refgw").value(), ErrorCondition::upstream_5xx,
                          example_values()),
      R"({"error":{"message":"Streaming error: SSE error: openai: boom","type":"stream_error"}})");
  EXPECT_EQ(render_stream_error(load_profile("litellm").value(), ErrorCondition::upstream_connect,
                                example_values()),
            R"({"error":{"message":"Connection error.","type":"internal_server_error",)"
            R"("param":null,"code":"500"}})");
  // Portkey closes and Kong resets instead.
  EXPECT_EQ(render_stream_error(load_profile("portkey").value(), ErrorCondition::upstream_5xx, {}),
            std::nullopt);
  EXPECT_EQ(render_stream_error(load_profile("kong").value(), ErrorCondition::upstream_5xx, {}),
            std::nullopt);
}

TEST(Profile, StreamingDefaultsTellTheTwoFamiliesApart) {
  const StreamingBehaviour refgw = load_profile("refgw")->streaming;
  EXPECT_EQ(refgw.commit_headers, StreamingBehaviour::CommitHeaders::immediate);
  EXPECT_EQ(refgw.pre_token_error, StreamingBehaviour::PreTokenError::in_band);
  EXPECT_TRUE(refgw.done_after_error);
  EXPECT_FALSE(refgw.finish_reason_null);
  EXPECT_EQ(refgw.usage, StreamingBehaviour::Usage::never);
  EXPECT_EQ(refgw.keepalive, std::chrono::seconds(15));
  const StreamingBehaviour litellm = load_profile("litellm")->streaming;
  EXPECT_EQ(litellm.commit_headers, StreamingBehaviour::CommitHeaders::first_token);
  EXPECT_EQ(litellm.pre_token_error, StreamingBehaviour::PreTokenError::http_status);
  EXPECT_FALSE(litellm.done_after_error);
}

TEST(Profile, IdentityHeadersCarryTheRequest) {
  const HeaderFields headers =
      render_identity_headers(load_profile("openai").value(), example_values());
  const HeaderFields expected{{"x-request-id", "req_1"},
                              {"openai-processing-ms", "12"},
                              {"openai-version", "2020-10-01"},
                              {"openai-organization", "org-lab"},
                              {"access-control-expose-headers", "X-Request-ID"}};
  EXPECT_EQ(headers, expected);
}

TEST(Profile, HeadOfTheReferenceWrapsCompletionsAndFailures) {
  const Profile head = load_profile("refgw-head").value();
  PlaceholderValues values = example_values();
  values.set(Placeholder::execution_id, "e1");
  const auto wrapped = lab::Json::parse(wrap_completion(head, R"({"id":"c1"})", values));
  EXPECT_EQ(wrapped["result"]["id"], "c1");
  EXPECT_EQ(wrapped["success"], true);
  EXPECT_EQ(wrapped["execution_id"], "e1");
  // In the trailer of a stream there is no result.
  EXPECT_TRUE(lab::Json::parse(wrap_completion(head, std::nullopt, values))["result"].is_null());
  // Other profiles leave the completion alone.
  EXPECT_EQ(wrap_completion(load_profile("openai").value(), R"({"id":"c1"})", values),
            R"({"id":"c1"})");
  const auto failed =
      lab::Json::parse(render_error(head, ErrorCondition::circuit_open, values).body);
  EXPECT_EQ(failed["success"], false);
  EXPECT_EQ(failed["repo_span"]["failure_reason"], "Provider openai is temporarily unavailable");
}

TEST(Profile, HeadOfTheReferenceRequiresAUuid) {
  const RequiredHeader required = load_profile("refgw-head")->required_header.value();
  EXPECT_EQ(required.name, "x-parent-span-id");
  EXPECT_TRUE(satisfies(required, "3f2504e0-4f89-11d3-9a0c-0305e82c3301"));
  EXPECT_FALSE(satisfies(required, "3f2504e0-4f89-11d3-9a0c-0305e82c330"));
  EXPECT_FALSE(satisfies(required, "3f2504e0x4f89-11d3-9a0c-0305e82c3301"));
  EXPECT_FALSE(satisfies(required, "gf2504e0-4f89-11d3-9a0c-0305e82c3301"));
  EXPECT_FALSE(satisfies(required, std::nullopt));
}

TEST(ProfileReader, ProfilesNamePresetsThatExist) {
  for (const std::string_view name : profile_names()) {
    const std::string preset = load_profile(name)->circuit_breaker_preset;
    EXPECT_TRUE(preset.empty() || circuit_breaker_preset(preset).has_value()) << name;
  }
}

TEST(ProfileReader, AnExtensionKeepsWhatItDoesNotSay) {
  const Profile mine = profile_from(R"({
    "name": "mine", "extends": "litellm",
    "errors": {"circuit_open": {"status": 418, "message": "{{no}} {provider}"}},
    "streaming": {"keepalive": "5s"}, "headers": {"X-Mine": "1"}, "health": "text"})");
  EXPECT_EQ(mine.name, "mine");
  const RenderedError error = render_error(mine, ErrorCondition::circuit_open, example_values());
  EXPECT_EQ(error.status, 418U);
  EXPECT_EQ(error.body, R"({"error":{"message":"{no}} openai","type":"throttling_error",)"
                        R"("param":null,"code":"418"}})");
  EXPECT_EQ(header(error, "retry-after"), "4");
  EXPECT_EQ(mine.streaming.keepalive, std::chrono::seconds(5));
  EXPECT_EQ(mine.identity_headers, (HeaderFields{{"x-mine", "1"}}));
  EXPECT_EQ(mine.health, HealthStyle::text);
  EXPECT_EQ(mine.circuit_breaker_preset, "litellm");
}

TEST(ProfileReader, NamesWhatIsWrongAndWhatIsAllowed) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {R"({"extends":"openai","errors":{"not_found":{"message":"{metod}"}}})",
       "errors.not_found.message: unknown placeholder {metod}; did you mean {method}?"},
      {R"({"extends":"openai","errors":{"not_found":{"status":99}}})", "errors.not_found.status"},
      {R"({"extends":"openai","errors":{"not_found":{"status":"upsteam"}}})",
       "or \"upstream\" for the upstream's own"},
      {R"({"extends":"openai","errors":{"envelope":"opnai"}})", "unknown envelope \"opnai\""},
      {R"({"extends":"openai","errors":{"envelope":{"a":["{nope}"]}}})", "{nope}"},
      {R"({"extends":"openai","errors":{"circuit_opened":{}}})", "circuit_opened"},
      {R"({"extends":"openai","streaming":{"usage":"sometimes"}})", "stream_options"},
      {R"({"extends":"openai","headers":{"x":"{zzz}"}})", "headers.x"},
      {R"({"extends":"openai","required_header":{}})",
       "required_header: missing required key \"name\""},
      {R"({"extends":"openai","success_envelope":{"a":"{nope:json}"}})", "{nope}"},
      {R"({"errors":{"envelope":"openai"}})",
       "budget_exceeded stream_error; a profile gives every condition"},
      {R"({"errors":{}})", "errors.envelope is missing"},
      {R"({"extends":"opennai"})", "did you mean openai?"},
      {R"({"extends":"openai","extra":1})", "extra"},
      {R"({"extends":"openai","circuit_breaker_preset":"hystrixx"})",
       "circuit_breaker_preset: no preset \"hystrixx\"; there are refgw"},
      {R"({"extends":"openai","headers":{"x":"a\nb"}})", "headers.x: a header's value must not"},
      {R"({"extends":"openai","headers":{"x:":"a"}})", "\"x:\" is no name of a header"},
  };
  for (const Row& row : rows) {
    const std::string problems = problems_of(row.text);
    EXPECT_NE(problems.find(row.expected), std::string::npos) << row.text << "\n" << problems;
  }
}

TEST(ProfileReader, AFileThatIsNotThereIsAnError) {
  EXPECT_NE(load_profile("./no-such.json").error().to_string().find("no-such.json"),
            std::string::npos);
}

TEST(ProfileTemplate, BodiesKeepTheirTypes) {
  PlaceholderValues values;
  values.set(Placeholder::status, "503");
  values.set(Placeholder::limit, "1.5");
  values.set(Placeholder::model, "m");
  values.set(Placeholder::completion, "{\"a\":[1]}");
  const auto body = lab::Json::parse(R"({"n":"{status:number}","f":"{limit:number}","s":"{status}",
    "null":"{code}","gone?":"{code}","kept?":"{model}","list":["{model}",1,true],"text":"a {model} b",
    "json":"{completion:json}","bad":"{model:number}","worse":"{model:json}"})");
  EXPECT_EQ(
      render_body(body, values).dump(),
      R"({"n":503,"f":1.5,"s":"503","null":null,"kept":"m","list":["m",1,true],"text":"a m b",)"
      R"("json":{"a":[1]},"bad":null,"worse":null})");
}

TEST(ProfileTemplate, BracesOfTextsAreBounded) {
  EXPECT_EQ(render_text("{{", {}), "{");
  EXPECT_EQ(render_text("a}b", {}), "a}b");
  EXPECT_EQ(render_text("a{model", {}), "a");
  EXPECT_EQ(render_text_if_complete("a {model}", {}), std::nullopt);
  EXPECT_NE(template_problem("open {"), "");
  // Only bodies know types.
  EXPECT_NE(template_problem("{status:number}"), "");
}

}  // namespace
}  // namespace mockgw
