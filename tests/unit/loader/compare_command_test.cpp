#include "loader/command/compare_command.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

TEST(CompareFlags, AreReadAndRefused) {
  const CompareCommand command =
      parse_compare_command({"a.json", "b.json", "--margin", "5%", "--margin=itl_p99=10%",
                             "--min-change", "1ms", "--confidence", "90%", "--seed", "7", "--json",
                             "-", "--no-color"})
          .value();
  EXPECT_EQ(command.a + " " + command.b, "a.json b.json");
  EXPECT_EQ(command.settings.margins[place_of(Measure::ttft_p50)], 0.05);
  EXPECT_EQ(command.settings.margins[place_of(Measure::itl_p99)], 0.1);
  EXPECT_EQ(command.settings.min_change, std::chrono::milliseconds(1));
  EXPECT_EQ(command.settings.confidence, 0.9);
  EXPECT_EQ(command.settings.seed, 7u);
  EXPECT_EQ(command.json, "-");
  EXPECT_TRUE(command.no_color);

  const auto error_of = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"a", "b"});
    return parse_compare_command(arguments).error().to_string();
  };
  EXPECT_TRUE(error_of({"c"}).starts_with("which two files?"));
  EXPECT_TRUE(parse_compare_command({"a"}).error().to_string().starts_with("which two files?"));
  EXPECT_TRUE(error_of({"--margin", "5"}).starts_with("--margin: "));
  EXPECT_TRUE(error_of({"--min-change", "-1s"}).starts_with("--min-change: "));
  EXPECT_TRUE(error_of({"--confidence", "100%"}).starts_with("--confidence: "));
  EXPECT_TRUE(error_of({"--seed", "x"}).starts_with("--seed: "));
  EXPECT_TRUE(error_of({"--html", ""}).starts_with("--html: "));
  EXPECT_NE(error_of({"--vus", "1"}).find("see loader compare --help"), std::string::npos);
  for (const MeasureInfo& info : kMeasures) {
    EXPECT_NE(compare_usage().find("  " + std::string(info.name) + " "), std::string::npos);
  }
}

/// A folder, and a comparison of what is in it.
struct Comparing {
  lab::TemporaryFolder folder;
  std::ostringstream out;
  std::ostringstream err;

  int compare(const std::vector<std::string>& arguments) {
    return static_cast<int>(
        compare_command(parse_compare_command(arguments).value(), {.out = out, .err = err}));
  }
};

// Lines of requests, one a tenth of a second.
std::string requests_of(double duration_ms) {
  std::string lines;
  for (int i = 0; i < 600; ++i) {
    lines += R"({"vu":1,"scenario":"s","start_ms":)" + std::to_string(100 * i) +
             R"(,"duration_ms":)" + std::to_string(duration_ms + i % 7) +
             R"(,"tokens_out":10,"status":200,"outcome":"ok"})" + "\n";
  }
  return lines;
}

TEST(CompareCommand, EndsWith122IfSomethingIsWorse) {
  Comparing comparing;
  const std::string fast = comparing.folder.write("fast.jsonl", requests_of(100));
  const std::string slow = comparing.folder.write("slow.jsonl", requests_of(110));
  EXPECT_EQ(comparing.compare({fast, slow}), 122) << comparing.err.str();
  EXPECT_NE(comparing.out.str().find("✗ WORSE"), std::string::npos) << comparing.out.str();
  EXPECT_EQ(comparing.compare({slow, fast}), 0);
  EXPECT_EQ(comparing.compare({fast, slow, "--margin", "50%"}), 0);
}

TEST(CompareCommand, WarnsOfWhatIsComparedWithItselfOrStandsThereTwice) {
  Comparing comparing;
  const std::string once = comparing.folder.write("once.jsonl", requests_of(100));
  const std::string twice =
      comparing.folder.write("twice.jsonl", requests_of(100) + requests_of(100));
  EXPECT_EQ(comparing.compare({once, twice}), 0);
  EXPECT_EQ(comparing.err.str(), "warning: " + twice +
                                     ": 600 of its requests stand in it again, and count again; is "
                                     "it put together from copies?\n");
  comparing.err.str("");
  EXPECT_EQ(comparing.compare({once, comparing.folder.path("./once.jsonl")}), 0);
  EXPECT_TRUE(comparing.err.str().starts_with("warning: both names are of one file, "));
}

TEST(CompareFlags, StandardInputIsRefused) {
  const std::string says =
      "-: standard input is not read here; name two files, or give a pipe's "
      "name as the shell's <(command) does";
  EXPECT_EQ(parse_compare_command({"-", "b"}).error().to_string(), says);
  EXPECT_EQ(parse_compare_command({"a", "-"}).error().to_string(), says);
}

TEST(CompareCommand, ReportsGoWhereTheyAreToAndOverNothing) {
  Comparing comparing;
  const std::string run = comparing.folder.write("run.jsonl", requests_of(100));
  EXPECT_EQ(comparing.compare({run, run, "--json", "-", "--html", comparing.folder.path("c.html")}),
            0);
  EXPECT_TRUE(comparing.out.str().starts_with("{\n")) << comparing.out.str();
  EXPECT_NE(comparing.err.str().find("COMPARED"), std::string::npos);
  EXPECT_EQ(comparing.compare({run, run, "--json", run}), 104);
  EXPECT_NE(comparing.err.str().find("it would write over a file that is read"), std::string::npos);
  EXPECT_EQ(comparing.compare({run, run, "--json", "x", "--html", "x"}), 104);
  EXPECT_NE(comparing.err.str().find("--json and --html"), std::string::npos);
  EXPECT_EQ(comparing.compare({run, comparing.folder.path("none")}), 104);
}

}  // namespace
}  // namespace loader
