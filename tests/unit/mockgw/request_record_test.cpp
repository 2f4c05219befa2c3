#include "mockgw/answer/request_record.h"

#include <gtest/gtest.h>

#include <array>

namespace mockgw {
namespace {

using std::chrono::milliseconds;

TEST(RequestLine, SaysWhatCameOfARequest) {
  EXPECT_EQ(request_line({.route = "/health", .status = 200, .duration = milliseconds(1)}, "a"),
            "request a: /health status=200 took=1ms");
  const FaultRule outage{.name = "two minutes", .match = {}, .active = {}, .fault = {}};
  const std::array<const FaultRule*, 1> faults{&outage};
  EXPECT_EQ(request_line({.route = "/v1/chat/completions",
                          .model = "gpt-4",
                          .status = 503,
                          .condition = ErrorCondition::upstream_overloaded,
                          .faults = faults,
                          .retries = 2,
                          .duration = milliseconds(1500)},
                         "load-test-7"),
            "request load-test-7: /v1/chat/completions model=gpt-4 status=503 "
            "condition=upstream_overloaded fault=\"two minutes\" retries=2 took=1.5s");
}

TEST(RequestLine, OfAnAnswerHasWhatWasPlanned) {
  RequestRecord record{.route = "/v1/chat/completions",
                       .model = "m",
                       .status = 200,
                       .was_cut_by_client = true,
                       .is_stream = true,
                       .duration = milliseconds(90)};
  record.completion = {
      .prompt_tokens = 3, .completion_tokens = 5, .planned_ttft = milliseconds(80)};
  EXPECT_EQ(request_line(record, "b"),
            "request b: /v1/chat/completions model=m status=200 prompt_tokens=3 "
            "completion_tokens=5 planned_ttft=80ms stream=true cut_by_client=true took=90ms");
  EXPECT_EQ(request_line({.route = "other"}, "c"), "request c: other status=reset took=0s");
}

}  // namespace
}  // namespace mockgw
