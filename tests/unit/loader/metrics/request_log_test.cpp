#include "loader/outputs/request_log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

class RequestLogTest : public testing::Test {
 protected:
  [[nodiscard]] RequestRecord stream() {
    return {.tags = tags.intern({{"scenario", "open"},
                                 {"phase", "level-10"},
                                 {"group", ""},
                                 {"name", "http://h/v1/\"x\""},
                                 {"method", "POST"},
                                 {"status", "200"}}),
            .intended_start = lab::TimePoint(2s),
            .start = lab::TimePoint(2s + 1500us),
            .end = lab::TimePoint(3s + 1500us),
            .time_to_first_token = 80ms,
            .chunks = 20,
            .status = 200,
            .outcome = "ok",
            .vu = 3,
            .iteration = 7,
            .is_chat = true,
            .is_stream = true,
            .request_id = "load-test-1",
            .model = "gpt-4",
            .host = "h:8080",
            .tokens_in = 9,
            .tokens_out = 21,
            .token_source = "usage",
            .phases = {.blocked = 3ms,
                       .connecting = 2ms,
                       .sending = 1ns,
                       .waiting = 79500us,
                       .receiving = 917'000'999ns}};
  }
  [[nodiscard]] std::string line_of(const RequestRecord& record) const {
    std::string line;
    append_request_line(line, record, request_tag_texts(tags, record.tags), clock);
    return line;
  }

  TagTable tags;
  RunClock clock{.start = lab::TimePoint(1s), .wall_start = lab::WallTime(1'700'000'000s)};
};

TEST_F(RequestLogTest, ALineSaysWhatWasToHappenAndWhatDid) {
  EXPECT_EQ(
      line_of(stream()),
      R"({"time":"2023-11-14T22:13:21.0015Z","scenario":"open","phase":"level-10","group":"",)"
      R"("name":"http://h/v1/\"x\"","method":"POST","vu":3,"iteration":7,)"
      R"("request_id":"load-test-1","host":"h:8080","model":"gpt-4","stream":true,)"
      R"("intended_start_ms":1000,"start_ms":1001.5,"duration_ms":1000,"blocked_ms":3,)"
      R"("connecting_ms":2,"tls_handshaking_ms":0,"sending_ms":0.000001,"waiting_ms":79.5,)"
      R"("receiving_ms":917.000999,"ttft_ms":80,"chunks":20,"tokens_in":9,"tokens_out":21,)"
      R"("token_source":"usage","status":200,"outcome":"ok","reason":null,"error_code":0,)"
      R"("failed":false,"tags":{"group":"","method":"POST","name":"http://h/v1/\"x\"",)"
      R"("phase":"level-10","scenario":"open","status":"200"}})"
      "\n");
}

TEST_F(RequestLogTest, WhatThereIsNotIsNull) {
  const RequestRecord refused{.start = lab::TimePoint(1s),
                              .end = lab::TimePoint(1s),
                              .outcome = "transport",
                              .error_code = 1212,
                              .vu = 1,
                              .is_failed = true,
                              .host = "h:8080",
                              .reason = "dial: connection refused"};
  EXPECT_EQ(
      line_of(refused),
      R"({"time":"2023-11-14T22:13:20Z","scenario":null,"phase":null,"group":null,"name":null,)"
      R"("method":null,"vu":1,"iteration":0,"request_id":null,"host":"h:8080",)"
      R"("model":null,"stream":false,"intended_start_ms":null,"start_ms":0,"duration_ms":0,)"
      R"("blocked_ms":0,"connecting_ms":0,"tls_handshaking_ms":0,"sending_ms":0,"waiting_ms":0,)"
      R"("receiving_ms":0,"ttft_ms":null,"chunks":null,"tokens_in":null,"tokens_out":null,)"
      R"("token_source":null,"status":0,"outcome":"transport",)"
      R"("reason":"dial: connection refused","error_code":1212,"failed":true,"tags":{}})"
      "\n");
}

TEST_F(RequestLogTest, AStartBeforeTheRunsIsNegative) {
  RequestRecord record = stream();
  record.intended_start = clock.start - 1500us;
  EXPECT_NE(line_of(record).find(R"("intended_start_ms":-1.5,)"), std::string::npos);
}

TEST_F(RequestLogTest, WritesEveryLineOnce) {
  const lab::TemporaryFolder folder;
  const std::string path = folder.path("requests");
  RequestLog log(OutputFile::open(path).value(), clock);
  EXPECT_EQ(log.description(), "samples (" + path + ")");
  // More than it keeps in memory.
  for (int i = 0; i < 1000; ++i) log.add(stream(), tags);
  ASSERT_TRUE(log.finish().has_value());
  std::ifstream in(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  const std::string line = line_of(stream());
  EXPECT_EQ(content.size(), 1000 * line.size());
  EXPECT_TRUE(content.ends_with(line + line));
}

TEST_F(RequestLogTest, AFullDiskIsSaidAtTheEnd) {
  RequestLog log(OutputFile::open("/dev/full").value(), clock);
  for (int i = 0; i < 1000; ++i) log.add(stream(), tags);
  const auto finished = log.finish();
  ASSERT_TRUE(finished.has_error());
  EXPECT_NE(finished.error().to_string().find("/dev/full"), std::string::npos);
}

}  // namespace
}  // namespace loader
