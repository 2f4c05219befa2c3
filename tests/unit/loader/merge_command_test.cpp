#include "loader/command/merge_command.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "loader/merge/run_file_io.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/loader/merge/shard_examples.h"

namespace loader {
namespace {

lab::Result<MergeCommand> merge_flags_of(const std::vector<std::string>& arguments) {
  return parse_merge_command(arguments, [](const std::string& name) -> std::optional<std::string> {
    return name == "NO_COLOR" ? std::optional<std::string>("yes") : std::nullopt;
  });
}

TEST(MergeFlags, AreReadAndRefused) {
  const MergeCommand command =
      merge_flags_of({"a.json", "runs", "--max-skew", "3s", "--wait", "5m", "--html", "r.html",
                      "--summary-mode", "full", "--summary-trend-stats", "max",
                      "--summary-time-unit", "ms"})
          .value();
  EXPECT_EQ(command.files, (std::vector<std::string>{"a.json", "runs"}));
  EXPECT_EQ(command.settings.max_skew, std::chrono::seconds(3));
  EXPECT_EQ(command.wait, std::chrono::minutes(5));
  EXPECT_EQ(command.reports.html, "r.html");
  EXPECT_EQ(command.reports.summary_mode, SummaryMode::full);
  EXPECT_EQ(command.settings.trend_stats, std::vector<std::string>{"max"});
  EXPECT_EQ(command.settings.time_unit, "ms");
  EXPECT_TRUE(command.reports.no_color);

  const auto error_of = [](const std::vector<std::string>& arguments) {
    return merge_flags_of(arguments).error().to_string();
  };
  EXPECT_TRUE(error_of({}).starts_with("which files?"));
  EXPECT_TRUE(error_of({"f", "--max-skew", "-1s"}).starts_with("--max-skew: "));
  EXPECT_TRUE(error_of({"f", "--wait", "soon"}).starts_with("--wait: "));
  EXPECT_TRUE(error_of({"f", "--summary-time-unit", "h"}).starts_with("--summary-time-unit: "));
  EXPECT_TRUE(error_of({"f", "--summary-mode", "some"}).starts_with("--summary-mode: "));
  EXPECT_NE(error_of({"f", "--vus", "3"}).find("see loader merge --help"), std::string::npos);
}

/// A folder with the run files of three shards, and a merging of what it is told.
struct Merging {
  lab::TemporaryFolder folder;
  std::ostringstream out;
  std::ostringstream err;

  Merging() {
    for (std::uint64_t number = 1; number <= 3; ++number) {
      const std::string name = "shard-" + std::to_string(number) + ".json.gz";
      EXPECT_TRUE(store_run_file(folder.path(name), run_file_text(example_file(number))));
    }
  }
  int merge(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--summary-file", folder.path("summary.json")});
    return static_cast<int>(
        merge_command(merge_flags_of(arguments).value(), {.out = out, .err = err}));
  }
};

TEST(MergeCommand, AFolderStandsForItsRunFiles) {
  Merging merging;
  (void)merging.folder.write("other.json", "{}");
  (void)merging.folder.write(".part-shard-4.json", "{");
  (void)merging.folder.write("notes.txt", "x");
  // One of the thresholds of the example is crossed.
  EXPECT_EQ(merging.merge({merging.folder.path("")}), 99) << merging.err.str();
  EXPECT_NE(merging.out.str().find("merged from 3 parts"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(merging.folder.path("summary.json")));
  // Its own summary is not taken for a part the next time.
  EXPECT_EQ(merging.merge({merging.folder.path("")}), 99) << merging.err.str();
}

TEST(MergeCommand, WhatCanNotBeReadMakesTheVerdictIncomplete) {
  Merging merging;
  const std::string broken = merging.folder.write("shard-3.json.gz", "{\"format\": ");
  EXPECT_EQ(merging.merge({merging.folder.path("")}), 123);
  EXPECT_NE(merging.err.str().find("incomplete: " + broken + ": is broken or cut short"),
            std::string::npos)
      << merging.err.str();
  EXPECT_EQ(merging.merge({merging.folder.path("none.json")}), 123);
  EXPECT_NE(merging.err.str().find("there is no run file to merge"), std::string::npos);
}

TEST(MergeCommand, WhatIsNoRunFileIsRefused) {
  Merging merging;
  const std::string summary =
      merging.folder.write("s-test-summary.json", R"({"metrics": {}, "root_group": {}})");
  EXPECT_EQ(merging.merge({summary, merging.folder.path("shard-1.json.gz")}), 104);
  EXPECT_NE(merging.err.str().find("--mergeable FILE"), std::string::npos) << merging.err.str();
}

TEST(MergeCommand, SaysWhatAForeignFileIsAndThatStandardInputIsNotRead) {
  Merging merging;
  const std::string points =
      merging.folder.write("points.json", R"({"metric":"a","type":"Point"})");
  EXPECT_EQ(merging.merge({points}), 104);
  EXPECT_NE(
      merging.err.str().find(points + ": is a file of samples, as --out json writes them; "
                                      "here run files are wanted, as --mergeable writes them"),
      std::string::npos)
      << merging.err.str();
  EXPECT_EQ(merge_flags_of({"-"}).error().to_string(),
            "-: standard input is not read here; name the run files, or their folder");
}

TEST(MergeCommand, WhatDoesNotBeginAsARunFileIsNoneAndWhatDoesIsBroken) {
  Merging merging;
  const std::string notes = merging.folder.write("notes.json", "these are notes");
  EXPECT_EQ(merging.merge({notes, merging.folder.path("shard-1.json.gz")}), 104);
  EXPECT_NE(merging.err.str().find(notes + ": is no run file"), std::string::npos);
  // In a folder it is somebody else's.
  EXPECT_EQ(merging.merge({merging.folder.path("")}), 99) << merging.err.str();
  const std::string cut =
      merging.folder.write("cut.json", run_file_text(example_file(1)).substr(0, 40));
  EXPECT_EQ(merging.merge({cut, merging.folder.path("")}), 123);
}

TEST(MergeCommand, AFileThatIsNamedTwiceCountsOnce) {
  Merging merging;
  EXPECT_EQ(merging.merge({merging.folder.path("shard-1.json.gz"),
                           merging.folder.path("./shard-1.json.gz"), merging.folder.path("")}),
            99)
      << merging.err.str();
}

TEST(MergeCommand, APartIsNotWrittenOver) {
  Merging merging;
  const std::string part = merging.folder.path("shard-1.json.gz");
  EXPECT_EQ(merging.merge({part, "--html", part}), 104);
  EXPECT_NE(merging.err.str().find("it would write over a file that is read"), std::string::npos);
  EXPECT_TRUE(load_run_file(part));
}

TEST(MergeCommand, AReportOnStandardOutputHasItForItself) {
  Merging merging;
  EXPECT_EQ(merging.merge({merging.folder.path(""), "--junit", "-"}), 99);
  EXPECT_TRUE(merging.out.str().starts_with("<?xml")) << merging.out.str();
  EXPECT_NE(merging.err.str().find("merged from 3 parts"), std::string::npos);
}

}  // namespace
}  // namespace loader
