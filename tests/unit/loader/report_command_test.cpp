#include "loader/command/report_command.h"

#include <gtest/gtest.h>

#include <sstream>

#include "loader/merge/result_file.h"
#include "loader/merge/run_file_io.h"
#include "loader/summary/summary_json.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/loader/merge/shard_examples.h"

namespace loader {
namespace {

lab::Result<ReportCommand> report_of(const std::vector<std::string>& arguments) {
  return parse_report_command(arguments,
                              [](const std::string&) { return std::optional<std::string>(); });
}

TEST(ReportFlags, AreThoseThatAreAboutWhatARunLeaves) {
  const ReportCommand command =
      report_of({"a.json", "--html", "r.html", "--summary-mode", "full", "--no-color"}).value();
  EXPECT_EQ(command.file, "a.json");
  EXPECT_EQ(command.reports.html, "r.html");
  EXPECT_EQ(command.reports.summary_mode, SummaryMode::full);
  // What is there already is not written again.
  EXPECT_EQ(command.reports.summary_file, "none");

  EXPECT_TRUE(report_of({}).error().to_string().starts_with("which file?"));
  EXPECT_TRUE(report_of({"a", "b"}).error().to_string().starts_with("one file at a time"));
  EXPECT_NE(report_of({"a", "--vus", "3"}).error().to_string().find("see loader report --help"),
            std::string::npos);
  EXPECT_NE(report_usage().find("--summary-export"), std::string::npos);
  EXPECT_EQ(report_usage().find("--summary-trend-stats"), std::string::npos);
}

/// A folder with the files of a run.
struct Reporting {
  lab::TemporaryFolder folder;
  std::ostringstream out;
  std::ostringstream err;

  int report(std::vector<std::string> arguments) {
    return static_cast<int>(report_command(report_of(arguments).value(), {.out = out, .err = err}));
  }
  std::string store(const std::string& name, const RunFile& file) {
    EXPECT_TRUE(store_run_file(folder.path(name), run_file_text(file)));
    return folder.path(name);
  }
};

TEST(ReportCommand, ShowsAWholeRunFileAsItsRunDid) {
  Reporting reporting;
  const std::string file = reporting.store("run.json.gz", example_file(1, 1));
  // A threshold of it is crossed, which is not the report's failure.
  EXPECT_EQ(reporting.report({file}), 0) << reporting.err.str();
  EXPECT_NE(reporting.out.str().find("✗ 'max<35' max=40ms"), std::string::npos);
  EXPECT_EQ(reporting.out.str().find("merged"), std::string::npos) << reporting.out.str();
  EXPECT_EQ(reporting.out.str().find("INCOMPLETE"), std::string::npos);
}

TEST(ReportCommand, SaysOfAPartThatTheRestIsMissing) {
  Reporting reporting;
  const std::string file = reporting.store("shard.json", example_file(2, 3));
  EXPECT_EQ(reporting.report({file}), 0) << reporting.err.str();
  EXPECT_NE(reporting.out.str().find("INCOMPLETE: segment 0:1/3"), std::string::npos)
      << reporting.out.str();
}

TEST(ReportCommand, MakesTheSameOfTheSummaryThatItWrote) {
  Reporting reporting;
  const std::string file = reporting.store("run.json", example_file(1, 1));
  const std::string summary = reporting.folder.path("s.json");
  EXPECT_EQ(reporting.report({file, "--summary-file", summary, "--junit", "-"}), 0);
  Reporting again;
  EXPECT_EQ(again.report({summary, "--junit", "-"}), 0) << again.err.str();
  EXPECT_EQ(again.out.str(), reporting.out.str());
  EXPECT_EQ(again.err.str(), reporting.err.str());
  EXPECT_NE(again.err.str().find("✗ 'max<35' max=40ms"), std::string::npos);
}

TEST(ReportCommand, RefusesWhatIsNoResultAndWritesOverNothing) {
  Reporting reporting;
  const std::string other = reporting.folder.write("other.json", "{}");
  EXPECT_EQ(reporting.report({other}), 104);
  EXPECT_NE(reporting.err.str().find(other + ": is neither a summary"), std::string::npos);
  const std::string cut = reporting.folder.write("cut.json", R"({"format":"loader run file",)");
  EXPECT_EQ(reporting.report({cut}), 104);
  EXPECT_NE(reporting.err.str().find(cut + ": is broken or cut short"), std::string::npos);
  EXPECT_EQ(reporting.report({other, "--html", other}), 104);
  EXPECT_NE(reporting.err.str().find("it would write over a file that is read"), std::string::npos);
  EXPECT_EQ(reporting.report({reporting.folder.path("none.json")}), 104);
  EXPECT_EQ(reporting.report({other, "--junit", "/dev/full/x"}), 104);
}

TEST(ResultFile, OfK6HasTheNameOfItsFileAndTheVerdictOfItsThresholds) {
  constexpr const char* kOfK6 = R"({"metrics": {"http_req_failed": {"type": "rate",
    "values": {"rate": 0.5, "passes": 1, "fails": 1}, "thresholds": {"rate<0.1": {"ok": false}}}}})";
  const auto result = read_result(kOfK6, "runs/nightly-test-summary.json.gz");
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->facts.suite, "nightly");
  EXPECT_EQ(result->facts.exit_code, std::nullopt);
  EXPECT_TRUE(result->facts.has_failed());
  EXPECT_EQ(result->facts.errors,
            std::vector<std::string>{"thresholds on metrics 'http_req_failed' have been crossed"});
}

// It may have been interrupted, which such a file doesn't say.
TEST(ReportCommand, DoesNotSayMoreOfK6sRunThanItsFileDoes) {
  Reporting reporting;
  const std::string file = reporting.folder.write(
      "nightly-summary.json",
      R"({"metrics": {"http_reqs": {"type": "counter", "values": {"count": 2, "rate": 1}}}})");
  const std::string summary = reporting.folder.path("s.json");
  EXPECT_EQ(reporting.report({file, "--summary-file", summary, "--markdown", "-"}), 0)
      << reporting.err.str();
  EXPECT_NE(reporting.out.str().find("nightly: no threshold failed"), std::string::npos)
      << reporting.out.str();
  EXPECT_EQ(reporting.out.str().find("exit code"), std::string::npos);
  // Nor does the summary that was made of it.
  Reporting again;
  EXPECT_EQ(again.report({summary, "--markdown", "-"}), 0) << again.err.str();
  EXPECT_EQ(again.out.str(), reporting.out.str());
}

}  // namespace
}  // namespace loader
