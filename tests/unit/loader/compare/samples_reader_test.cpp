#include "loader/compare/samples_reader.h"

#include <gtest/gtest.h>

#include "loader/compare/compared_run.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

// As --samples writes them.
constexpr const char* kGood =
    R"({"time":"2026-01-01T00:00:00Z","scenario":"s","phase":"hold","name":"n","method":"POST",)"
    R"("vu":1,"iteration":0,"request_id":"x","host":"h","model":"gpt-4","stream":true,)"
    R"("intended_start_ms":null,"start_ms":1500,"duration_ms":700.5,"blocked_ms":0,"ttft_ms":80.25,)"
    R"("chunks":9,"tokens_in":3,"tokens_out":10,"token_source":"usage","status":200,)"
    R"("outcome":"ok","reason":null,"error_code":0,"failed":false,"tags":{}})";
constexpr const char* kBad =
    R"({"scenario":"s","phase":"hold","vu":2,"model":"gpt-4","start_ms":3000,"duration_ms":10,)"
    R"("ttft_ms":null,"tokens_out":null,"status":503,"outcome":"status","reason":"overloaded"})";
constexpr const char* kSetup = R"({"vu":0,"start_ms":0,"duration_ms":10,"outcome":"ok"})";

TEST(SamplesReader, PutsRequestsWhereTheyEnded) {
  SamplesReader reader;
  for (const char* const line : {kSetup, kGood, kBad}) ASSERT_TRUE(reader.add(line));
  const SummaryData summary = reader.summary();
  EXPECT_EQ(summary.duration, std::chrono::milliseconds(3010));
  ASSERT_EQ(summary.over_time->series.size(), 1u);
  const RequestSeries& series = summary.over_time->series[0];
  EXPECT_EQ(series.scenario + "/" + series.phase + "/" + series.model, "s/hold/gpt-4");
  const RequestWindow* const good = series.find(2);
  ASSERT_NE(good, nullptr);
  EXPECT_EQ(good->requests, 1u);
  EXPECT_EQ(good->tokens_out, 10u);
  EXPECT_EQ(good->succeeded.sum(), 700.5);
  EXPECT_EQ(good->time_to_first_token.sum(), 80.25);
  EXPECT_EQ(series.total().failed, 1u);
  EXPECT_EQ(summary.over_time->failure_kinds, std::vector<std::string>{"status 503"});
}

TEST(SamplesReader, CountsRequestsThatStandThereAgain) {
  SamplesReader reader;
  for (const char* const line : {kGood, kBad, kGood, kGood}) ASSERT_TRUE(reader.add(line));
  EXPECT_EQ(reader.repeated(), 2u);
  EXPECT_EQ(reader.summary().over_time->series[0].total().requests, 4u);
}

TEST(ComparedRun, SaysWhatAForeignFileIs) {
  const lab::TemporaryFolder folder;
  const auto says = [&](const std::string& text) {
    return read_compared_run(folder.write("a", text)).error().what;
  };
  const std::string wanted =
      "; here a summary is wanted, or a run file, or a file of requests, as --samples writes them";
  const std::string point = R"({"metric":"http_reqs","type":"Point","data":{}})";
  EXPECT_EQ(says(R"({"type":"Metric","data":{},"metric":"a"})"
                 "\n" +
                 point),
            "is a file of samples, as --out json writes them" + wanted);
  EXPECT_EQ(says(point), "is a file of samples, as --out json writes them" + wanted);
  EXPECT_EQ(says("metric_name,timestamp,metric_value,\n"),
            "is a file of samples, as --out csv writes them" + wanted);
  EXPECT_EQ(says("<!DOCTYPE html>"), "is a page, as --html writes it" + wanted);
  EXPECT_EQ(says("\n<?xml version"), "is XML, as --junit writes it" + wanted);
  EXPECT_EQ(says("\x28\xb5\x2f\xfd"), "is compressed by zstd, and gzip is what is read" + wanted);
}

TEST(SamplesReader, SaysWhichLineIsNone) {
  SamplesReader reader;
  EXPECT_EQ(reader.add("{\"start_ms\":").error().what, "is cut short, or no JSON");
  const auto problem = [&reader](const std::string& line) { return reader.add(line).error().what; };
  EXPECT_EQ(problem("[1]"), "is no request, which is an object");
  EXPECT_EQ(problem("{}"), "is no request as --samples writes them: outcome is not a text");
  const std::string begin = R"({"outcome":"ok","start_ms":1)";
  for (const auto& [rest, said] : std::vector<std::pair<std::string, std::string>>{
           {"", "duration_ms is not milliseconds"},
           {R"(,"duration_ms":-1)", "duration_ms is below 0"},
           {R"(,"duration_ms":1,"tokens_out":"60")", "tokens_out is not a whole number"},
           {R"(,"duration_ms":1,"ttft_ms":"1h")", "ttft_ms is not milliseconds"},
           {R"(,"duration_ms":1,"model":7)", "model is not a text"},
           {R"(,"duration_ms":1,"status":-1)", "status is not a whole number"},
           {R"(,"duration_ms":1e300)", "duration_ms is not milliseconds"}}) {
    EXPECT_NE(problem(begin + rest + "}").find(said), std::string::npos) << rest;
  }
  const lab::TemporaryFolder folder;
  const std::string broken = folder.write("a.jsonl", std::string(kGood) + "\n{\"start");
  EXPECT_EQ(read_samples_file(broken).error().to_string(),
            broken + ": line 2 is cut short, or no JSON");
}

TEST(ComparedRun, IsKnownByItsContent) {
  const lab::TemporaryFolder folder;
  const std::string samples = folder.write("any.name", std::string(kGood) + "\n" + kBad + "\n");
  const auto run = read_compared_run(samples);
  ASSERT_TRUE(run) << run.error().to_string();
  EXPECT_EQ(run->name, samples);
  EXPECT_EQ(run->summary.over_time->sum().total().requests, 2u);
  const auto k6 = read_compared_run(folder.write("k6.json", R"({"metrics": {}})"));
  ASSERT_TRUE(k6) << k6.error().to_string();
  EXPECT_FALSE(k6->summary.over_time);
  const std::string other = folder.write("other", "[1]");
  EXPECT_NE(read_compared_run(other).error().what.find("nor one of requests, as --samples does"),
            std::string::npos);
  EXPECT_FALSE(read_compared_run(folder.path("none")));
  EXPECT_TRUE(read_compared_run(folder.write("empty.jsonl", ""))
                  .error()
                  .what.starts_with("is empty: of --samples, a run without requests"));
}

}  // namespace
}  // namespace loader
