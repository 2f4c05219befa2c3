#include "loader/delivery/line_protocol.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;

const RunClock kClock{.start = lab::TimePoint(1s), .wall_start = lab::WallTime(1'700'000'000s)};

class LineProtocolTest : public testing::Test {
 protected:
  // All lines of samples with tags of number 0.
  std::string lines(LineFormat format, const TagTexts& tags, std::vector<HandedSample> samples) {
    LineProtocol encoder(registry, kClock, std::move(format));
    encoder.add_tags(tags);
    encoder.add(samples, 0);
    std::string text;
    for (const Batch& batch : encoder.cut({})) text += batch.body;
    return text;
  }
  MetricRegistry registry;
};

TEST_F(LineProtocolTest, IsAPointForEachSample) {
  EXPECT_EQ(lines({}, {{"method", "POST"}, {"status", "200"}, {"url", "http://h/v1"}},
                  {{B::http_reqs, 0, 0, 1, lab::TimePoint(1500ms)},
                   {B::http_req_duration, 0, 0, 12.25, lab::TimePoint(1500ms)}}),
            "http_reqs,method=POST,status=200 url=\"http://h/v1\",value=1 1700000000500000000\n"
            "http_req_duration,method=POST,status=200 url=\"http://h/v1\",value=12.25 "
            "1700000000500000000\n");
}

TEST_F(LineProtocolTest, WritesTagsAsTheyMustBeWritten) {
  struct Row {
    TagTexts tags;
    std::string text;
  };
  const LineFormat format{.fields = {{"url", FieldKind::text},
                                     {"vu", FieldKind::integer},
                                     {"load", FieldKind::number},
                                     {"ok", FieldKind::boolean}}};
  for (const auto& [tags, text] : {
           Row{{}, " "},
           Row{{{"group", ""}}, " "},
           Row{{{"a b", "c,d=e f"}}, ",a\\ b=c\\,d\\=e\\ f "},
           Row{{{"name", "say \"hi\""}}, ",name=say\\ \"hi\" "},
           // What would end the line, or escape what ends the tag.
           Row{{{"a", "x\ny"}, {"b", "c\\d\\"}}, ",a=x\\ y,b=c\\d\\  "},
           Row{{{"url", "a\"b\\c\nd"}}, " url=\"a\\\"b\\\\c\nd\","},
           Row{{{"url", ""}}, " url=\"\","},
           Row{{{"load", "0.5"}, {"ok", "true"}, {"vu", "7"}}, " load=0.5,ok=true,vu=7i,"},
           // Of the wrong kind: a text, as in k6.
           Row{{{"load", "high"}, {"ok", "yes"}, {"vu", "7.5"}},
               " load=\"high\",ok=\"yes\",vu=\"7.5\","},
       }) {
    EXPECT_EQ(line_tags(tags, format), text);
  }
}

TEST_F(LineProtocolTest, WritesTimesInTheUnitAskedFor) {
  struct Row {
    TimePrecision precision;
    std::string time;
  };
  for (const auto& [precision, time] :
       {Row{TimePrecision::nanoseconds, "1700000001500000000"},
        Row{TimePrecision::microseconds, "1700000001500000"},
        Row{TimePrecision::milliseconds, "1700000001500"},
        Row{TimePrecision::seconds, "1700000001"}, Row{TimePrecision::minutes, "28333333"},
        Row{TimePrecision::hours, "472222"}}) {
    EXPECT_EQ(lines({.precision = precision}, {}, {{B::vus, 0, 0, 3, lab::TimePoint(2500ms)}}),
              "vus value=3 " + time + "\n");
  }
}

TEST_F(LineProtocolTest, WritesValuesThatReadBackEqual) {
  for (const auto& [value, text] :
       {std::pair(0.1, "0.1"), std::pair(1e-9, "1e-09"), std::pair(-3.0, "-3"),
        std::pair(1e22, "1e+22"), std::pair(123456789.125, "123456789.125")}) {
    EXPECT_EQ(lines({}, {}, {{B::vus, 0, 0, value, lab::TimePoint(1s)}}),
              "vus value=" + std::string(text) + " 1700000000000000000\n");
  }
}

// InfluxDB would take them for one point, the last.
TEST_F(LineProtocolTest, PointsOfOneInstantAreKeptApart) {
  const auto at = [](lab::Duration time) {
    return HandedSample{B::checks, 0, 0, 1, lab::TimePoint(1s + time)};
  };
  EXPECT_EQ(lines({}, {}, {at(0ns), at(0ns), at(0ns), at(1ns), at(5ns), at(2ns)}),
            "checks value=1 1700000000000000000\n"
            "checks value=1 1700000000000000001\n"
            "checks value=1 1700000000000000002\n"
            "checks value=1 1700000000000000003\n"
            "checks value=1 1700000000000000005\n"
            "checks value=1 1700000000000000006\n");
}

// Pieces of several threads come as they like, those of each in order.
TEST_F(LineProtocolTest, PointsOfSeveralThreadsAreKeptApart) {
  LineProtocol encoder(registry, kClock, {.threads = 3});
  encoder.add_tags({});
  const auto add = [&encoder](std::size_t thread, const std::vector<lab::Duration>& times) {
    std::vector<HandedSample> samples;
    for (const lab::Duration time : times) {
      samples.push_back({B::checks, 0, 0, 1, lab::TimePoint(1s + time)});
    }
    encoder.add(samples, thread);
  };
  // 1.7e18 leaves 2 when divided by 3.
  add(1, {0ns, 0ns, 9ns});
  add(2, {0ns, 0ns, 9ns});
  add(0, {0ns, 3ns, 3ns});
  add(1, {9ns});
  EXPECT_EQ(encoder.cut({}).at(0).body,
            "checks value=1 1700000000000000002\n"
            "checks value=1 1700000000000000005\n"
            "checks value=1 1700000000000000011\n"
            "checks value=1 1700000000000000000\n"
            "checks value=1 1700000000000000003\n"
            "checks value=1 1700000000000000009\n"
            "checks value=1 1700000000000000001\n"
            "checks value=1 1700000000000000004\n"
            "checks value=1 1700000000000000007\n"
            "checks value=1 1700000000000000014\n");
}

// What is a field, or written as nothing or as another tag is, makes no series of its own.
TEST_F(LineProtocolTest, PointsOfTagsThatAreWrittenAlikeAreKeptApart) {
  LineProtocol encoder(registry, kClock, {});
  for (const TagTexts& tags : std::vector<TagTexts>{
           {{"url", "a"}}, {{"url", "b"}}, {{"e", ""}}, {{"a", "x y"}}, {{"a", "x\ny"}}}) {
    encoder.add_tags(tags);
  }
  std::vector<HandedSample> samples;
  for (std::uint32_t tags = 0; tags < 5; ++tags) {
    samples.push_back({B::vus, 0, tags, 1, lab::TimePoint(1s)});
  }
  encoder.add(samples, 0);
  EXPECT_EQ(encoder.cut({}).at(0).body,
            "vus url=\"a\",value=1 1700000000000000000\n"
            "vus url=\"b\",value=1 1700000000000000001\n"
            "vus value=1 1700000000000000002\n"
            "vus,a=x\\ y value=1 1700000000000000000\n"
            "vus,a=x\\ y value=1 1700000000000000001\n");
}

TEST_F(LineProtocolTest, ABatchHasABound) {
  LineProtocol encoder(registry, kClock, {.bytes_max = 80});
  encoder.add_tags({});
  const std::vector<HandedSample> samples(5, {B::vus, 0, 0, 3, lab::TimePoint(1s)});
  encoder.add(samples, 0);  // Lines of 32 bytes.
  const auto full = encoder.take_full();
  ASSERT_EQ(full.size(), 2u);
  EXPECT_EQ(full[0].samples, 2u);
  EXPECT_EQ(full[0].body.size(), 64u);
  const auto rest = encoder.cut({});
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].samples, 1u);
  EXPECT_TRUE(encoder.cut({}).empty());
}

TEST_F(LineProtocolTest, ABatchHasTenThousandPointsAtMost) {
  LineProtocol encoder(registry, kClock, {});
  encoder.add_tags({});
  encoder.add(std::vector<HandedSample>(LineFormat::kPointsMax + 1, {B::vus, 0, 0, 3, {}}), 0);
  const auto full = encoder.take_full();
  ASSERT_EQ(full.size(), 1u);
  EXPECT_EQ(full[0].samples, LineFormat::kPointsMax);
}

TEST_F(LineProtocolTest, UsesTheMemoryAgainOfWhatWasSent) {
  LineProtocol encoder(registry, kClock, {.bytes_max = 80});
  encoder.add_tags({});
  const auto body_of = [&](std::size_t lines) {  // Of 32 bytes.
    encoder.add(std::vector<HandedSample>(lines, {B::vus, 0, 0, 3, lab::TimePoint(1s)}), 0);
    return std::move(encoder.cut({}).at(0).body);
  };
  std::string sent = body_of(2);
  const char* const memory = sent.data();
  encoder.reuse(std::move(sent));
  (void)body_of(2);  // Begun before that was given back.
  const std::string again = body_of(2);
  EXPECT_EQ(again.data(), memory);
  EXPECT_EQ(again, "vus value=3 1700000000000000004\nvus value=3 1700000000000000005\n");
}

TEST_F(LineProtocolTest, ASmallBatchTakesNoMoreMemoryThanItNeeds) {
  LineProtocol encoder(registry, kClock, {});
  encoder.add_tags({});
  encoder.add(std::vector<HandedSample>(1, {B::vus, 0, 0, 3, lab::TimePoint(1s)}), 0);
  const auto small = encoder.cut({});
  EXPECT_EQ(small.at(0).body, "vus value=3 1700000000000000000\n");
  EXPECT_LT(small[0].body.capacity(), 100u);
}

TEST_F(LineProtocolTest, OneLineIsLongerThanTheBound) {
  EXPECT_EQ(lines({.bytes_max = 1}, {}, {{B::vus, 0, 0, 3, lab::TimePoint(1s)}}),
            "vus value=3 1700000000000000000\n");
}

TEST(InfluxLeftOut, IsReadOfAPartialWrite) {
  struct Row {
    unsigned status;
    const char* body;
    std::optional<std::uint64_t> samples;
  };
  for (const auto& [status, body, samples] :
       {Row{400, R"({"error":"partial write: field type conflict: x dropped=3"})", 3},
        Row{422, R"({"code":"x","message":"partial write: y dropped=12"})", 12},
        Row{400, R"({"error":"partial write: nothing said"})", std::nullopt},
        Row{400, R"({"error":"partial write: dropped=many"})", std::nullopt},
        Row{400, R"({"error":"dropped=3"})", std::nullopt},
        Row{204, "partial write: dropped=3", std::nullopt}}) {
    const auto left_out = influxdb_left_out(status, body);
    EXPECT_EQ(left_out ? std::optional(left_out->samples) : std::nullopt, samples) << body;
  }
}

// A line of so many bytes.
std::string line_of(std::size_t bytes) { return std::string(bytes - 1, 'x') + "\n"; }

TEST_F(LineProtocolTest, ABatchThatIsTooLargeIsSplitAtALine) {
  LineProtocol encoder(registry, kClock, {});
  struct Row {
    std::vector<std::size_t> lines;
    std::size_t in_first;  ///< 0: it is not split.
  };
  for (const auto& [lines, in_first] :
       {Row{{500, 500, 500}, 2}, Row{{100, 3000}, 1}, Row{{3000, 100}, 1}, Row{{5000}, 0}}) {
    std::vector<std::string> bodies(2);
    for (std::size_t i = 0; i < lines.size(); ++i)
      bodies[i < in_first ? 0 : 1] += line_of(lines[i]);
    const std::vector<Batch> halves = encoder.split({bodies[0] + bodies[1], lines.size()});
    ASSERT_EQ(halves.size(), in_first == 0 ? 0u : 2u);
    if (in_first == 0) continue;
    EXPECT_EQ(halves[0].body, bodies[0]);
    EXPECT_EQ(halves[0].samples, in_first);
    EXPECT_EQ(halves[1].body, bodies[1]);
    EXPECT_EQ(halves[1].samples, lines.size() - in_first);
  }
  // What comes is cut smaller from here on.
  encoder.add_tags({});
  encoder.add(std::vector<HandedSample>(100, {B::vus, 0, 0, 3, lab::TimePoint(1s)}), 0);
  EXPECT_GT(encoder.cut({}).size(), 1u);
}

// InfluxDB takes line breaks in a text as they are.
TEST_F(LineProtocolTest, IsSplitBetweenPointsOnly) {
  const std::string point =
      "vus,a=say\\ \"hi\" url=\"" + std::string(400, '\n') + "\\\"\n\",value=1 17\n";
  LineProtocol encoder(registry, kClock, {});
  const auto halves = encoder.split({point + point + point, 3});
  ASSERT_EQ(halves.size(), 2u);
  EXPECT_EQ(halves[0].body, point + point);
  EXPECT_EQ(halves[0].samples, 2u);
  EXPECT_EQ(halves[1].body, point);
  EXPECT_EQ(halves[1].samples, 1u);
}

// A server that calls everything too large would be asked without end.
TEST_F(LineProtocolTest, AfterASmallBatchThatIsTooLargeNoneIsSplit) {
  LineProtocol encoder(registry, kClock, {});
  EXPECT_FALSE(encoder.split({line_of(1000) + line_of(1000), 2}).empty());
  EXPECT_TRUE(encoder.split({line_of(500) + line_of(500), 2}).empty());
  EXPECT_TRUE(encoder.split({line_of(1000) + line_of(1000), 2}).empty());
}

}  // namespace
}  // namespace loader
