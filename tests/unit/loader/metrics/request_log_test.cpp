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
            .iteration = 7};
  }

  TagTable tags;
  RunClock clock{.start = lab::TimePoint(1s), .wall_start = lab::WallTime(1'700'000'000s)};
};

TEST_F(RequestLogTest, ALineSaysWhatWasToHappenAndWhatDid) {
  EXPECT_EQ(
      request_line(stream(), tags, clock),
      R"({"time":"2023-11-14T22:13:21.0015Z","scenario":"open","phase":"level-10","group":"",)"
      R"("name":"http://h/v1/\"x\"","method":"POST","vu":3,"iteration":7,"intended_start_ms":1000,)"
      R"("start_ms":1001.5,"duration_ms":1000,"ttft_ms":80,"chunks":20,"status":200,"outcome":"ok",)"
      R"("error_code":0})"
      "\n");
}

TEST_F(RequestLogTest, WhatThereIsNotIsNull) {
  const RequestRecord refused{.start = lab::TimePoint(1s),
                              .end = lab::TimePoint(1s),
                              .outcome = "transport",
                              .error_code = 1212,
                              .vu = 1};
  EXPECT_EQ(request_line(refused, tags, clock),
            R"({"time":"2023-11-14T22:13:20Z","vu":1,"iteration":0,"intended_start_ms":null,)"
            R"("start_ms":0,"duration_ms":0,"ttft_ms":null,"chunks":null,"status":0,)"
            R"("outcome":"transport","error_code":1212})"
            "\n");
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
  const std::string line = request_line(stream(), tags, clock);
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
