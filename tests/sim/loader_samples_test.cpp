// --samples over simulated runs: one line for each request that the metrics count too.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "loader/command/run_preparation.h"
#include "loader/outputs/request_log.h"
#include "loader/world/simulation.h"
#include "shared/base/json.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

using nlohmann::json;

/// The lines of a simulated run.
std::vector<json> requests_of(
    const std::string& suite_text, const std::string& gateway,
    const std::function<void(RunSpec&)>& change = [](RunSpec&) {}) {
  const lab::TemporaryFolder folder;
  const std::string path = folder.path("samples");
  PreparedRun prepared{
      read_suite({suite_text, "text.json", std::nullopt}, {make_environment({}, {}).value(), {}})
          .value(),
      {},
      {}};
  prepared.spec.base_url = parse_url("http://localhost:8080").value();
  change(prepared.spec);
  Simulation simulation(1);
  RequestLog log(OutputFile::open(path).value(), simulation.clock());
  RunObserver observer;
  observer.requests = &log;
  const auto result =
      simulation.run(prepared.suite, prepared.spec, {gateway, "gateway.json", 1}, observer);
  EXPECT_TRUE(result.has_value()) << result.error().to_string();
  EXPECT_TRUE(log.finish().has_value());
  std::vector<json> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

TEST(Samples, AStreamHasItsFirstTokenAndItsChunks) {
  const auto lines =
      requests_of(R"({
    "options": {"scenarios": {"open": {"executor": "constant-arrival-rate", "rate": 1, "duration": "3s",
                                       "preAllocatedVUs": 2}}},
    "flows": {"default": [{"sleep": "250ms"}, {"chat": {"prompt": "Hello", "stream": true}}]}
  })",
                  R"({"latency": {"ttft": "100ms", "itl": "10ms"}, "tokens": {"output": 20}})");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1]["scenario"], "open");
  EXPECT_EQ(lines[1]["intended_start_ms"], 1000);
  EXPECT_EQ(lines[1]["start_ms"], 1250);
  EXPECT_EQ(lines[1]["chunks"], 20);
  EXPECT_NEAR(lines[1]["ttft_ms"].get<double>(), 100, 15);
  EXPECT_EQ(lines[1]["status"], 200);
  EXPECT_EQ(lines[1]["outcome"], "ok");
  EXPECT_EQ(lines[1]["error_code"], 0);
  EXPECT_GE(lines[1]["vu"].get<int>(), 1);
}

TEST(Samples, FailuresSayOfWhatKindTheyAre) {
  constexpr const char* kOne = R"({
    "options": {"vus": 1, "iterations": 1},
    "flows": {"default": [{"chat": {"prompt": "Hello", "stream": true}}, {"http": {"path": "/no"}}]}
  })";
  const auto cut = requests_of(kOne, R"({"faults": [
    {"match": {"percent": 100}, "fault": {"kind": "truncate_no_done", "after_tokens": 5}}]})");
  ASSERT_EQ(cut.size(), 2u);
  EXPECT_NE(cut[0]["outcome"], "ok");
  EXPECT_EQ(cut[0]["status"], 200);
  EXPECT_EQ(cut[1]["outcome"], "status");
  EXPECT_EQ(cut[1]["status"], 404);
  EXPECT_EQ(cut[1]["error_code"], 1404);
  EXPECT_TRUE(cut[1]["intended_start_ms"].is_null());
  EXPECT_TRUE(cut[1]["chunks"].is_null());
  const auto aborted = requests_of(kOne, R"({"faults": [
    {"match": {"percent": 100}, "fault": {"kind": "abort_before_headers"}}]})");
  EXPECT_EQ(aborted.at(0)["outcome"], "transport");
  EXPECT_EQ(aborted.at(0)["status"], 0);
  EXPECT_NE(aborted.at(0)["error_code"], 0);
}

TEST(Samples, AnAnswerThatSaysNothingIsNotOk) {
  constexpr const char* kOne = R"({
    "options": {"vus": 1, "iterations": 1}, "flows": {"default": [{"chat": {"prompt": "Hello"}}]}
  })";
  const auto lines = requests_of(kOne, R"({"faults": [{"fault": {"kind": "empty_content"}}]})");
  EXPECT_EQ(lines.at(0)["status"], 200);
  EXPECT_EQ(lines.at(0)["outcome"], "missing_content");
}

TEST(Samples, EveryAttemptIsARequest) {
  const auto lines = requests_of(R"({
    "options": {"vus": 1, "iterations": 1},
    "flows": {"default": [{"chat": {"prompt": "Hello"}, "retry": {"attempts": 3}}]}
  })",
                                 R"({"faults": [
    {"match": {"first_n": 2}, "fault": {"kind": "status", "status": 503}}]})");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["status"], 503);
  EXPECT_EQ(lines[2]["outcome"], "ok");
  EXPECT_NE(lines[0]["request_id"], lines[1]["request_id"]);
}

TEST(Samples, WhatIsNotMeasuredHasNoLine) {
  constexpr const char* kSuite = R"({
    "options": {"vus": 1, "iterations": 1},
    "setup": [{"http": {"path": "/health"}}],
    "flows": {"default": [{"chat": {"prompt": "Hello"}}]}
  })";
  EXPECT_EQ(requests_of(kSuite, "{}").size(), 2u);
  // Another shard of the run measures the setup.
  const auto lines = requests_of(kSuite, "{}", [](RunSpec& spec) { spec.measures_setup = false; });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["model"], "gpt-3.5-turbo");
}

}  // namespace
}  // namespace loader
