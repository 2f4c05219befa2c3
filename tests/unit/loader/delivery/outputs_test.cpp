#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <fstream>
#include <iterator>

#include "loader/delivery/output_factory.h"
#include "loader/flow/system_tags.h"
#include "loader/metrics/metadata.h"
#include "loader/outputs/csv_format.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;

class OutputsTest : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const char* name) const { return folder.path(name); }
  [[nodiscard]] static std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Two samples of a request and one without tags, through the output that `text` asks for.
  void write_samples(const std::string& text) {
    Outputs outputs;
    auto output = make_output(text, {.registry = registry,
                                     .thresholds = thresholds,
                                     .clock = clock,
                                     .system_tags = system_tags});
    ASSERT_TRUE(output) << output.error().to_string();
    outputs.add(std::move(*output));
    SampleBuffer buffer(outputs, [] { return lab::TimePoint(); });
    const TagSetId set = tags.intern(
        {{"status", "200"}, {"method", "POST"}, {"name", "say \"hi\", please"}, {"model", "m&1"}});
    buffer.add({B::http_reqs, set, 1, lab::TimePoint(1500ms), "id \"1\"", 1}, tags);
    buffer.add({B::http_req_duration, set, 12.25, lab::TimePoint(1500ms), "id \"1\"", 1}, tags);
    buffer.add({B::vus, {}, 10, lab::TimePoint(2s)}, tags);
    buffer.flush();
    outputs.finish([](const std::string& message) { ADD_FAILURE() << message; });
    const auto errors = outputs.take_errors();
    EXPECT_TRUE(errors.empty()) << errors.front().to_string();
  }

  lab::TemporaryFolder folder;
  MetricRegistry registry;
  TagTable tags;
  ThresholdSet thresholds;
  std::vector<std::string> system_tags = SystemTags().sorted();
  RunClock clock{.start = lab::TimePoint(1s), .wall_start = lab::WallTime(1'700'000'000s)};
};

constexpr const char* kJsonLines =
    R"({"type":"Metric","data":{"name":"http_reqs","type":"counter","contains":"default","thresholds":[],"submetrics":null},"metric":"http_reqs"}
{"metric":"http_reqs","type":"Point","data":{"time":"2023-11-14T22:13:20.5Z","value":1,"tags":{"method":"POST","model":"m&1","name":"say \"hi\", please","status":"200"},"metadata":{"request_id":"id \"1\""}}}
{"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time","thresholds":["p(95)<5000",{"threshold":"avg<1","abortOnFail":true,"delayAbortEval":"10s"}],"submetrics":[{"name":"http_req_duration{expected_response:true}","suffix":"expected_response:true","tags":{"expected_response":"true"}}]},"metric":"http_req_duration"}
{"metric":"http_req_duration","type":"Point","data":{"time":"2023-11-14T22:13:20.5Z","value":12.25,"tags":{"method":"POST","model":"m&1","name":"say \"hi\", please","status":"200"},"metadata":{"request_id":"id \"1\""}}}
{"type":"Metric","data":{"name":"vus","type":"gauge","contains":"default","thresholds":[],"submetrics":null},"metric":"vus"}
{"metric":"vus","type":"Point","data":{"time":"2023-11-14T22:13:21Z","value":10,"tags":{}}}
)";

TEST(Metadata, HasTheIdAndWhatAScriptSays) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const auto pairs_of = [](std::string_view text) {
    Pairs pairs;
    for_each_metadata(text, [&](std::string_view name, std::string_view value) {
      pairs.emplace_back(name, value);
    });
    return pairs;
  };
  const std::string says =
      named_metadata({{"empty", ""}, {"trace", std::string("a\0b", 3)}, {"z", "1"}});
  EXPECT_EQ(pairs_of(""), Pairs());
  EXPECT_EQ(pairs_of("id"), (Pairs{{"request_id", "id"}}));
  EXPECT_EQ(pairs_of(says), (Pairs{{"empty", ""}, {"trace", "ab"}, {"z", "1"}}));
  EXPECT_EQ(pairs_of("id" + says),
            (Pairs{{"request_id", "id"}, {"empty", ""}, {"trace", "ab"}, {"z", "1"}}));
  EXPECT_EQ(pairs_of("id" + named_metadata({{"last", ""}})),
            (Pairs{{"request_id", "id"}, {"last", ""}}));
}

TEST_F(OutputsTest, JsonIsK6sLinePerSample) {
  ASSERT_TRUE(add_threshold(thresholds, registry, "http_req_duration", "p(95)<5000"));
  ASSERT_TRUE(add_threshold(thresholds, registry, "http_req_duration", "avg<1", true, 10s));
  write_samples("json=" + path("a.json"));
  EXPECT_EQ(content(path("a.json")), kJsonLines);
}

TEST_F(OutputsTest, CompressesWhatIsNamedGz) {
  write_samples("csv=" + path("plain.csv"));
  write_samples("csv=" + path("a.csv.gz"));
  EXPECT_TRUE(content(path("a.csv.gz")).starts_with("\x1f\x8b"));
  gzFile file = gzopen(path("a.csv.gz").c_str(), "rb");
  ASSERT_NE(file, nullptr);
  std::array<char, 4096> text{};
  const int size = gzread(file, text.data(), text.size());
  gzclose(file);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(size)), content(path("plain.csv")));
}

TEST_F(OutputsTest, CsvIsK6sTable) {
  write_samples("csv=" + path("a.csv"));
  EXPECT_EQ(
      content(path("a.csv")),
      "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"
      "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n"
      "http_reqs,1700000000,1.000000,,,,,,POST,\"say \"\"hi\"\", please\",,,,200,,,,model=m&1,"
      "\"request_id=id \"\"1\"\"\"\n"
      "http_req_duration,1700000000,12.250000,,,,,,POST,\"say \"\"hi\"\", please\",,,,200,,,,"
      "model=m&1,\"request_id=id \"\"1\"\"\"\n"
      "vus,1700000001,10.000000,,,,,,,,,,,,,,,,\n");
}

TEST_F(OutputsTest, CsvHasAColumnForEachSystemTagThatIsOn) {
  system_tags = {"ip", "status"};
  write_samples("csv=" + path("a.csv"));
  EXPECT_EQ(content(path("a.csv")),
            "metric_name,timestamp,metric_value,ip,status,extra_tags,metadata\n"
            "http_reqs,1700000000,1.000000,,200,\"method=POST&model=m&1&name=say \"\"hi\"\", "
            "please\",\"request_id=id \"\"1\"\"\"\n"
            "http_req_duration,1700000000,12.250000,,200,\"method=POST&model=m&1&name=say "
            "\"\"hi\"\", please\",\"request_id=id \"\"1\"\"\"\n"
            "vus,1700000001,10.000000,,,,\n");
}

TEST_F(OutputsTest, CsvTakesK6sTimeFormats) {
  write_samples("csv=fileName=" + path("a.csv") + ",saveInterval=1s,timeFormat=rfc3339_nano");
  EXPECT_NE(content(path("a.csv")).find("http_reqs,2023-11-14T22:13:20.5Z,1.000000"),
            std::string::npos);
  EXPECT_EQ(parse_csv_argument("fileName=f,timeFormat=unix_milli")->time_format,
            CsvTimeFormat::unix_milli);
  EXPECT_EQ(parse_csv_argument("timeFormat=iso").error().to_string(),
            "--out csv: unknown timeFormat \"iso\"; use unix, unix_milli, unix_micro, unix_nano, "
            "rfc3339 or rfc3339_nano");
  EXPECT_EQ(parse_csv_argument("filename=f").error().what,
            "unknown option \"filename\"; use fileName, timeFormat or saveInterval");
  EXPECT_FALSE(parse_csv_argument("saveInterval=soon"));
  EXPECT_FALSE(parse_csv_argument("fileName="));
}

TEST(CsvArgument, NamesAFileInAnyCase) {
  constexpr std::pair<const char*, const char*> kTable[]{{"", "file.csv"},
                                                         {"timeFormat=unix", "file.csv"},
                                                         {"-", "-"},
                                                         {"a.csv", "a.csv"},
                                                         {"fileName=a.csv", "a.csv"}};
  for (const auto& [text, name] : kTable) {
    EXPECT_EQ(parse_csv_argument(text)->file_name, name) << text;
  }
}

TEST_F(OutputsTest, CsvOfARunWithoutSamplesHasItsHeader) {
  auto output = make_output("csv=" + path("a.csv"), {registry, thresholds, clock});
  ASSERT_TRUE(output);
  ASSERT_TRUE((*output)->finish());
  EXPECT_TRUE(content(path("a.csv")).starts_with("metric_name,"));
}

TEST_F(OutputsTest, RefuseUnknownKindsAndPlaces) {
  EXPECT_EQ(make_output("jsn=x", {registry, thresholds, clock}).error().to_string(),
            "--out: unknown output \"jsn\"; use json=FILE or csv=FILE (FILE.gz is compressed), "
            "influxdb=http://HOST:8086/DATABASE, xk6-influxdb=http://HOST:8086/BUCKET, "
            "experimental-prometheus-rw[=URL] or opentelemetry");
  const auto nowhere = make_output("json=" + path("no/such/folder"), {registry, thresholds, clock});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().what, "can't be opened for writing: No such file or directory");
}

TEST_F(OutputsTest, ReportAFullDiskOnceAndGoOnWithTheOthers) {
  Outputs outputs;
  outputs.add(*make_output("json=/dev/full", {registry, thresholds, clock}));
  outputs.add(*make_output("csv=" + path("a.csv"), {registry, thresholds, clock}));
  SampleBuffer buffer(outputs, [] { return lab::TimePoint(); });

  // Some fail at once, some when the file's own thread has tried.
  for (int i = 0; i < 3; ++i) {
    buffer.add({B::vus, {}, 1, {}}, tags);
    buffer.flush();
    outputs.flush();
  }
  outputs.finish([](const std::string& message) { ADD_FAILURE() << message; });
  const auto errors = outputs.take_errors();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].to_string(), "/dev/full: can't be written: No space left on device");
  const std::string text = content(path("a.csv"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

/// Writes down what it is asked to do.
class DiaryOutput final : public SampleOutput {
 public:
  DiaryOutput(std::string name, std::vector<std::string>& diary, bool is_slow = false)
      : name_(std::move(name)), diary_(diary), is_slow_(is_slow) {}
  [[nodiscard]] std::string description() const override { return name_; }
  lab::Result<void> write(std::shared_ptr<const SamplePiece> /*piece*/) override { return {}; }
  lab::Result<void> flush() override { return {}; }
  void close() override { diary_.push_back(name_ + " closed"); }
  [[nodiscard]] bool ends_within(lab::Duration /*patience*/) override { return !is_slow_; }
  lab::Result<void> finish() override {
    diary_.push_back(name_ + " finished");
    return {};
  }
  [[nodiscard]] std::optional<OutputTotals> totals() const override {
    return OutputTotals{.name = name_, .taken = 3, .sent = 2, .dropped = 1};
  }
  [[nodiscard]] std::vector<std::string> take_warnings() override { return {name_ + " warns"}; }

 private:
  std::string name_;
  std::vector<std::string>& diary_;
  bool is_slow_;
};

// Those that have to wait for their servers wait together.
TEST_F(OutputsTest, AllAreClosedBeforeTheFirstIsFinished) {
  std::vector<std::string> diary;
  Outputs outputs;
  outputs.add(std::make_unique<DiaryOutput>("a", diary));
  outputs.add(*make_output("csv=" + path("a.csv"), {registry, thresholds, clock}));
  outputs.add(std::make_unique<DiaryOutput>("b", diary));
  outputs.finish([](const std::string& message) { ADD_FAILURE() << message; });
  EXPECT_EQ(diary, (std::vector<std::string>{"a closed", "b closed", "a finished", "b finished"}));
  EXPECT_EQ(outputs.take_warnings(), (std::vector<std::string>{"a warns", "b warns"}));
  const auto totals = outputs.totals();
  ASSERT_EQ(totals.size(), 2u);
  EXPECT_EQ(totals[1].name, "b");
}

TEST_F(OutputsTest, TheUserIsToldWhatTheEndWaitsFor) {
  std::vector<std::string> diary;
  Outputs outputs;
  outputs.add(std::make_unique<DiaryOutput>("a", diary));
  outputs.add(std::make_unique<DiaryOutput>("b", diary, true));
  outputs.finish([&](std::string message) { diary.push_back(std::move(message)); });
  EXPECT_EQ(diary, (std::vector<std::string>{"a closed", "b closed", "a finished",
                                             "still sending what was measured to b; an "
                                             "interruption now ends it without a summary",
                                             "b finished"}));
}

TEST_F(OutputsTest, BuffersAreBounded) {
  Outputs outputs;
  outputs.add(*make_output("csv=" + path("a.csv"), {registry, thresholds, clock}));
  SampleBuffer buffer(outputs, [] { return lab::TimePoint(); });
  for (std::size_t i = 0; i < SampleBuffer::kSamplesMax; ++i) {
    buffer.add({B::vus, {}, 1, lab::TimePoint(1s)}, tags);
  }
  // A full buffer has been handed on without a flush of ours.
  outputs.finish([](const std::string& message) { ADD_FAILURE() << message; });
  const std::string text = content(path("a.csv"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'),
            static_cast<std::ptrdiff_t>(SampleBuffer::kSamplesMax + 1));
}

}  // namespace
}  // namespace loader
