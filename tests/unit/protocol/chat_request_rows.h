// Tables of chat requests that OpenAI refuses, and others take as they come.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/protocol/chat_request.h"

namespace lab {

/// A body, and what OpenAI has against it.
struct Row {
  std::string body;
  std::string problem;  ///< "message | param | code"; empty if there is none.
};

inline std::string with_member(const std::string& member) {
  return R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + member + "}";
}
inline std::string with_message(const std::string& message) {
  return R"({"model":"m","messages":[{"role":"user","content":"a"},)" + message + "]}";
}
inline std::string problem_of(const std::string& body, RequestDialect dialect) {
  const auto request = parse_chat_request(body, dialect);
  if (request) return "";
  const RequestProblem& problem = request.error();
  return problem.message + " | " + problem.param.value_or("-") + " | " + problem.code.value_or("-");
}
/// OpenAI refuses it so, and without its checks it is taken.
inline void expect_refused(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(problem_of(row.body, {.checks_like_openai = true}), row.problem) << row.body;
    EXPECT_EQ(problem_of(row.body, {}), "") << row.body;
  }
}
/// In these words.
inline std::string missing(const std::string& param) {
  return "Missing required parameter: '" + param + "'. | " + param +
         " | missing_required_parameter";
}
inline std::string wrong_type(const std::string& param, const std::string& expected,
                              const std::string& got) {
  return "Invalid type for '" + param + "': expected " + expected + ", but got " + got +
         " instead. | " + param + " | invalid_type";
}
inline std::string wrong_word(const std::string& param, const std::string& word,
                              const std::string& words) {
  return "Invalid value: '" + word + "'. Supported values are: " + words + ". | " + param +
         " | invalid_value";
}
inline std::string no_elements(const std::string& param) {
  return "Invalid '" + param +
         "': empty array. Expected an array with minimum length 1, but got an empty array "
         "instead. | " +
         param + " | empty_array";
}

}  // namespace lab
