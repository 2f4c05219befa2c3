#include "loader/flow/check.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kCompletion =
    R"({"id":"c1","choices":[{"index":0,"message":{"role":"assistant",
  "content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":5},
  "empty":{"text":"","list":[],"null":null,"zero":0},"list":["a","b"],"ratio":0.5})";

lab::HttpHeaders json_headers() {
  lab::HttpHeaders headers;
  headers.add("Content-Type", "application/json");
  return headers;
}

bool holds(std::string_view conditions, unsigned status = 200,
           std::string_view body = kCompletion) {
  const lab::Json json = lab::Json::parse(R"({"the check":)" + std::string(conditions) + "}");
  lab::JsonProblems problems("suite.json");
  const std::vector<Check> checks = read_checks({json, "checks", problems});
  EXPECT_TRUE(problems.empty()) << problems.to_string();
  const lab::HttpHeaders headers = json_headers();
  JsonPointers asked;
  ask_for_checks(checks, asked);
  JsonBody parsed(asked, body);
  return evaluate(checks.at(0), {status, status == 0 ? nullptr : &headers, body, 250ms}, parsed);
}

std::string problems_of(std::string_view conditions) {
  const lab::Json json = lab::Json::parse(R"({"the check":)" + std::string(conditions) + "}");
  lab::JsonProblems problems("suite.json");
  (void)read_checks({json, "checks", problems});
  return problems.to_string();
}

TEST(Check, Status) {
  EXPECT_TRUE(holds(R"({"status": 200})"));
  EXPECT_FALSE(holds(R"({"status": 200})", 503));
  EXPECT_TRUE(holds(R"({"status": [200, 404]})", 404));
  EXPECT_TRUE(holds(R"({"status": 0})", 0));
}

TEST(Check, JsonPointerExists) {
  EXPECT_TRUE(holds(R"({"json": "/choices/0"})"));
  EXPECT_TRUE(holds(R"({"json": ""})"));
  EXPECT_TRUE(holds(R"({"json": "/empty/null"})"));
  EXPECT_FALSE(holds(R"({"json": "/choices/1"})"));
  EXPECT_FALSE(holds(R"({"json": "/choices/x"})"));
  EXPECT_FALSE(holds(R"({"json": "/choices/0"})", 200, "not JSON"));
  EXPECT_FALSE(holds(R"({"json": "/choices/0"})", 200, ""));
}

TEST(Check, NotEmpty) {
  EXPECT_TRUE(holds(R"({"json": "/choices/0/message/content", "not_empty": true})"));
  EXPECT_TRUE(holds(R"({"json": "/empty/zero", "not_empty": true})"));
  EXPECT_FALSE(holds(R"({"json": "/empty/text", "not_empty": true})"));
  EXPECT_FALSE(holds(R"({"json": "/empty/list", "not_empty": true})"));
  EXPECT_FALSE(holds(R"({"json": "/empty/null", "not_empty": true})"));
}

TEST(Check, EqualsComparesByValue) {
  EXPECT_TRUE(holds(R"({"json": "/usage/completion_tokens", "equals": 5})"));
  EXPECT_TRUE(holds(R"({"json": "/usage/completion_tokens", "equals": 5.0})"));
  EXPECT_TRUE(holds(R"({"json": "/ratio", "equals": 0.5})"));
  EXPECT_FALSE(holds(R"({"json": "/usage/completion_tokens", "equals": "5"})"));
  EXPECT_TRUE(holds(R"({"json": "/list", "equals": ["a", "b"]})"));
  EXPECT_FALSE(holds(R"({"json": "/list", "equals": ["b", "a"]})"));
  EXPECT_TRUE(
      holds(R"({"json": "/usage", "equals": {"completion_tokens": 5, "prompt_tokens": 3}})"));
  EXPECT_FALSE(holds(R"({"json": "/usage", "equals": {"completion_tokens": 5}})"));
  EXPECT_TRUE(holds(R"({"json": "/empty/null", "equals": null})"));
  EXPECT_FALSE(holds(R"({"json": "/ratio", "equals": true})"));
}

TEST(Check, OneOfAndContains) {
  EXPECT_TRUE(holds(R"({"json": "/choices/0/finish_reason", "one_of": ["length", "stop"]})"));
  EXPECT_FALSE(holds(R"({"json": "/choices/0/finish_reason", "one_of": ["length"]})"));
  EXPECT_TRUE(holds(R"({"json": "/choices/0/message/content", "contains": "ell"})"));
  EXPECT_TRUE(holds(R"({"json": "/list", "contains": "a"})"));
  EXPECT_FALSE(holds(R"({"json": "/list", "contains": "c"})"));
  EXPECT_FALSE(holds(R"({"json": "/ratio", "contains": "0"})"));
}

TEST(Check, HeaderBodyAndDuration) {
  EXPECT_TRUE(holds(R"({"header": "content-type"})"));
  EXPECT_TRUE(holds(R"({"header": "Content-Type", "contains": "json"})"));
  EXPECT_FALSE(holds(R"({"header": "Content-Type", "equals": "text/plain"})"));
  EXPECT_FALSE(holds(R"({"header": "Retry-After"})"));
  EXPECT_FALSE(holds(R"({"header": "Content-Type"})", 0));
  EXPECT_TRUE(holds(R"({"body_contains": "Hello"})"));
  EXPECT_FALSE(holds(R"({"body_contains": "Goodbye"})"));
  EXPECT_TRUE(holds(R"({"duration": "<15s"})"));
  EXPECT_FALSE(holds(R"({"duration": "< 250ms"})"));
  EXPECT_TRUE(holds(R"({"duration": "<=250ms"})"));
  EXPECT_FALSE(holds(R"({"duration": ">250ms"})"));
  EXPECT_TRUE(holds(R"({"duration": ">= 250ms"})"));
}

TEST(Check, SseByContentTypeOrByItsLines) {
  EXPECT_FALSE(holds(R"({"sse": true})"));
  EXPECT_TRUE(holds(R"({"sse": false})"));
  EXPECT_TRUE(holds(R"({"sse": true})", 200, "data: {}\n\n"));
  EXPECT_TRUE(holds(R"({"sse": true})", 200, ": hi\ndata: {}\n\n"));
}

TEST(Check, AllConditionsMustHold) {
  EXPECT_TRUE(holds(R"({"status": 200, "json": "/choices/0", "duration": "<1s"})"));
  EXPECT_FALSE(holds(R"({"status": 200, "json": "/choices/7", "duration": "<1s"})"));
}

TEST(CheckReader, NamesWhatIsWrong) {
  EXPECT_NE(problems_of("{}").find("asks nothing"), std::string::npos);
  EXPECT_NE(problems_of(R"({"json": "choices"})").find("JSON pointer"), std::string::npos);
  EXPECT_NE(problems_of(R"({"duration": "fast"})").find("\"<15s\""), std::string::npos);
  EXPECT_NE(problems_of(R"({"status": 200, "not_empty": true})").find("need a json or a header"),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"json": "/a", "header": "b"})").find("two checks"), std::string::npos);
  EXPECT_NE(problems_of(R"({"statsu": 200})").find("status"), std::string::npos);
}

}  // namespace
}  // namespace loader
