#include "loader/delivery/remote_write.h"

#include <gtest/gtest.h>
#include <snappy-c.h>

#include <map>

#include "tests/unit/loader/delivery/decoded.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;

const RunClock kWrittenRun{.start = lab::TimePoint(1s),
                           .wall_start = lab::WallTime(1'700'000'000s)};

std::string uncompressed(const std::string& body) {
  std::size_t size = 0;
  EXPECT_EQ(snappy_uncompressed_length(body.data(), body.size(), &size), SNAPPY_OK);
  std::string bytes(size, '\0');
  EXPECT_EQ(snappy_uncompress(body.data(), body.size(), bytes.data(), &size), SNAPPY_OK);
  return bytes;
}

// "name{label=value,…}" in the order on the wire.
std::string labels_of(const std::string& series) {
  std::string text;
  for (int i = 0; i < count_of(series, 1); ++i) {
    const std::string label = field_of(series, 1, i);
    text += field_of(label, 1) + "=" + field_of(label, 2) + " ";
  }
  return text;
}

struct Point {
  double value = 0;
  std::int64_t at = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
std::ostream& operator<<(std::ostream& out, const Point& point) {
  return out << point.value << " at " << point.at;
}
using Points = std::map<std::string, Point>;

Points points_of(const std::vector<Batch>& batches) {
  Points points;
  for (const Batch& batch : batches) {
    const std::string request = uncompressed(batch.body);
    for (int i = 0; i < count_of(request, 1); ++i) {
      const std::string series = field_of(request, 1, i);
      const std::string sample = field_of(series, 2);
      points[labels_of(series)] = {double_of(sample, 1), std::stoll(field_of(sample, 2))};
    }
  }
  return points;
}

class RemoteWriteTest : public testing::Test {
 protected:
  RemoteWrite encoder(RemoteWriteFormat format = {}) {
    RemoteWrite made(registry, kWrittenRun, std::move(format));
    made.add_tags({{"group", ""}, {"method", "GET"}, {"a-b", "1"}, {"Z", "2"}});
    made.add_tags({});
    return made;
  }
  static HandedSample sample(MetricId metric, double value, lab::Duration at = 0ms,
                             std::uint32_t tags = 1) {
    return {metric, 0, tags, value, lab::TimePoint(1s + at)};
  }
  static constexpr std::int64_t kStart = 1'700'000'000'000;
  MetricRegistry registry;
};

TEST(PrometheusLabels, EachTagHasOneOfItsOwn) {
  struct Row {
    TagTexts tags;
    std::map<std::string, std::string> labels;
  };
  for (const auto& [tags, labels] : {
           Row{{}, {}},
           Row{{{"bad-name", "1"}}, {{"bad_name", "1"}}},
           Row{{{"bad-name", "1"}, {"bad_name", "2"}}, {{"bad_name", "2"}, {"bad_name_2", "1"}}},
           Row{{{"a-b", "1"}, {"a.b", "2"}, {"a_b_2", "3"}},
               {{"a_b", "1"}, {"a_b_2", "3"}, {"a_b_3", "2"}}},
           Row{{{"__name__", "mine"}}, {{"__name___2", "mine"}}},
       }) {
    std::map<std::string, std::string> expected = labels;
    expected["__name__"] = "k6_m";
    EXPECT_EQ(prometheus_labels("k6_m", tags), expected);
  }
}

TEST_F(RemoteWriteTest, NamesAndUnitsAreThoseOfK6) {
  RemoteWrite all = encoder({.trend_stats = {"p(99)", "avg", "count", "sum"}});
  all.add(std::vector<HandedSample>{sample(B::http_reqs, 1), sample(B::http_reqs, 2),
                                    sample(B::vus, 5), sample(B::checks, 1), sample(B::checks, 0),
                                    sample(B::http_req_duration, 100),
                                    sample(B::http_req_duration, 300), sample(B::data_sent, 512),
                                    sample(B::llm_tokens_generated, 40)},
          0);
  EXPECT_EQ(points_of(all.cut({})),
            (Points{{"__name__=k6_http_reqs_total ", {3, kStart}},
                    {"__name__=k6_vus ", {5, kStart}},
                    {"__name__=k6_checks_rate ", {0.5, kStart}},
                    {"__name__=k6_http_req_duration_p99 ", {0.298, kStart}},
                    {"__name__=k6_http_req_duration_avg ", {0.2, kStart}},
                    {"__name__=k6_http_req_duration_count ", {2, kStart}},
                    {"__name__=k6_http_req_duration_sum ", {0.4, kStart}},
                    {"__name__=k6_data_sent_total ", {512, kStart}},
                    {"__name__=k6_llm_tokens_generated_p99 ", {40, kStart}},
                    {"__name__=k6_llm_tokens_generated_avg ", {40, kStart}},
                    {"__name__=k6_llm_tokens_generated_count ", {1, kStart}},
                    {"__name__=k6_llm_tokens_generated_sum ", {40, kStart}}}));
}

TEST_F(RemoteWriteTest, LabelsAreSortedFilledAndSpelledAsPrometheusTakesThem) {
  RemoteWrite all = encoder();
  all.add(std::vector<HandedSample>{sample(B::vus, 5, 0ms, 0)}, 0);
  EXPECT_EQ(points_of(all.cut({})).begin()->first, "Z=2 __name__=k6_vus a_b=1 method=GET ");
  EXPECT_EQ(prometheus_name("llm.time_to_first_token"), "llm_time_to_first_token");
  EXPECT_EQ(prometheus_name("9lives"), "_9lives");
}

TEST_F(RemoteWriteTest, SendsWhatIsNewAndCountsItOnce) {
  RemoteWrite all = encoder();
  all.add(std::vector<HandedSample>{sample(B::http_reqs, 1, 10ms), sample(B::vus, 5, 10ms)}, 0);
  const auto first = all.cut({});
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].samples, 2u);
  EXPECT_TRUE(all.cut({}).empty());
  all.add(std::vector<HandedSample>{sample(B::http_reqs, 1, 20ms)}, 0);
  const auto second = all.cut({});
  EXPECT_EQ(second[0].samples, 1u);
  EXPECT_EQ(points_of(second), (Points{{"__name__=k6_http_reqs_total ", {2, kStart + 20}}}));
}

// Prometheus refuses a second value for one millisecond, and k6 keeps it to itself.
TEST_F(RemoteWriteTest, ALaterValueHasALaterTime) {
  RemoteWrite all = encoder();
  all.add(std::vector<HandedSample>{sample(B::http_reqs, 1, 10ms)}, 0);
  (void)all.cut({});
  all.add(std::vector<HandedSample>{sample(B::http_reqs, 1, 10ms)}, 0);
  EXPECT_EQ(points_of(all.cut({})), (Points{{"__name__=k6_http_reqs_total ", {2, kStart + 11}}}));
}

TEST_F(RemoteWriteTest, StaleMarkersEndEverySeries) {
  RemoteWrite all = encoder({.trend_stats = {"min", "max"}, .has_stale_markers = true});
  all.add(std::vector<HandedSample>{sample(B::http_reqs, 1, 10ms)}, 0);
  (void)all.cut({});
  all.add(std::vector<HandedSample>{sample(B::http_req_duration, 1, 5s)}, 0);
  const auto last = all.finish(lab::WallTime(1'700'000'003s));
  ASSERT_EQ(last.size(), 2u);
  EXPECT_EQ(last[0].samples, 1u);
  EXPECT_EQ(last[1].samples, 0u);
  const Points markers = points_of({last[1]});
  ASSERT_EQ(markers.size(), 3u);
  for (const auto& [labels, point] : markers) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(point.value), 0x7ff0000000000002u) << labels;
  }
  EXPECT_EQ(markers.at("__name__=k6_http_reqs_total ").at, kStart + 3001);
  EXPECT_EQ(markers.at("__name__=k6_http_req_duration_min ").at, kStart + 5001);
}

TEST_F(RemoteWriteTest, NativeHistogramsHaveTheirUnitInTheirName) {
  RemoteWrite all = encoder({.has_native_histograms = true});
  all.add(std::vector<HandedSample>{sample(B::http_req_duration, 1000, 5ms),
                                    sample(B::http_req_duration, 1000, 6ms),
                                    sample(B::http_req_duration, 0, 7ms),
                                    sample(B::llm_tokens_generated, 40)},
          0);
  const std::string request = uncompressed(all.cut({})[0].body);
  const std::string series = field_of(request, 1);
  EXPECT_EQ(labels_of(series), "__name__=k6_http_req_duration_seconds ");
  const std::string histogram = field_of(series, 4);
  EXPECT_EQ(field_of(histogram, 1), "3");
  EXPECT_EQ(double_of(histogram, 3), 2);
  EXPECT_EQ(field_of(histogram, 4), "6");  // sint32: 3
  EXPECT_EQ(field_of(histogram, 6), "1");
  const std::string span = field_of(histogram, 11);
  EXPECT_EQ(field_of(span, 1), "0");
  EXPECT_EQ(field_of(span, 2), "1");
  EXPECT_EQ(field_of(histogram, 12), "\x04");  // sint64: 2
  EXPECT_EQ(field_of(histogram, 15), std::to_string(kStart + 7));
  EXPECT_EQ(labels_of(field_of(request, 1, 1)), "__name__=k6_llm_tokens_generated ");
}

TEST(RemoteWriteStats, AreK6sAndSum) {
  for (const char* stat : {"avg", "min", "med", "max", "count", "sum", "p(95)", "p(99.9)"}) {
    EXPECT_TRUE(check_remote_write_stat(stat)) << stat;
  }
  EXPECT_EQ(check_remote_write_stat("p95").error().what,
            "unknown statistic \"p95\"; use avg, min, med, max, count, sum or p(N), several with "
            "commas");
  EXPECT_EQ(stat_suffix("p(99.9)"), "p999");
  EXPECT_EQ(stat_suffix("med"), "med");
}

}  // namespace
}  // namespace loader
