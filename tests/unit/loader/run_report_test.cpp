#include "loader/command/run_report.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

TEST(RunReport, SaysBeforeTheRunWhatCantBeWritten) {
  const lab::TemporaryFolder own;
  const std::string file = own.path("a");
  const std::string folder = std::filesystem::path(file).parent_path();
  EXPECT_TRUE(check_writable(file));
  // A look leaves nothing.
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::ofstream(file) << "x";
  EXPECT_TRUE(check_writable(file));
  EXPECT_TRUE(check_writable("-"));
  EXPECT_TRUE(check_writable("/dev/null"));
  EXPECT_EQ(check_writable(folder).error().to_string(),
            folder + ": can't be written: it is a folder");
  EXPECT_EQ(
      check_writable(folder + "/no/b").error().to_string(),
      folder + "/no/b: can't be written: there is no folder " + folder + "/no; make it first");
  EXPECT_EQ(check_writable("no-such-q/b").error().to_string(),
            "no-such-q/b: can't be written: there is no folder no-such-q; make it first");
  // A link whose end is elsewhere.
  std::filesystem::create_symlink("no/b", folder + "/link");
  EXPECT_EQ(check_writable(folder + "/link").error().to_string(),
            folder + "/link: can't be written: No such file or directory");
  EXPECT_EQ(check_writable(file + "/b").error().to_string(),
            file + "/b: can't be written: Not a directory");
}

TEST(RunReport, PlacesAreThoseOfTheFlags) {
  RunCommand command;
  EXPECT_EQ(report_places("smoke", command), std::vector<std::string>{"smoke-test-summary.json"});
  command.summary_file = "none";
  EXPECT_TRUE(report_places("smoke", command).empty());
  command.summary_file = "s.json";
  command.html = "-";
  EXPECT_EQ(report_places("smoke", command), (std::vector<std::string>{"s.json", "-"}));
  EXPECT_TRUE(has_report_on_output(command));
}

TEST(RunReport, NoTwoFlagsWriteOneFileNorOverWhatIsRead) {
  const lab::TemporaryFolder own;
  const std::string suite = own.path("suite.json");
  std::ofstream(suite) << "{}";
  const std::string folder = std::filesystem::path(suite).parent_path();
  RunCommand fine;
  fine.suite = suite;
  fine.html = folder + "/a.html";
  fine.junit = fine.samples = "/dev/null";
  fine.outputs = {"json=" + folder + "/a.json", "csv=fileName=" + folder + "/a.csv"};
  EXPECT_TRUE(check_places("s", fine));

  const auto refused = [&fine](auto&& change) {
    RunCommand command = fine;
    change(command);
    const auto checked = check_places("s", command);
    return checked ? std::string("fine") : checked.error().where;
  };
  EXPECT_EQ(refused([&](RunCommand& c) { c.junit = folder + "/./a.html"; }), "--junit and --html");
  EXPECT_EQ(refused([&](RunCommand& c) { c.samples = folder + "/a.csv"; }), "--samples and --out");
  EXPECT_EQ(refused([&](RunCommand& c) { c.outputs.push_back(c.outputs[0]); }), "--out and --out");
  EXPECT_EQ(refused([&](RunCommand& c) { c.html = c.junit = "-"; }), "--junit and --html");
  EXPECT_EQ(refused([&](RunCommand& c) { c.summary_file = suite; }), "--summary-file");
  EXPECT_EQ(refused([&](RunCommand& c) { c.config = c.html = suite; }), "--html");
  EXPECT_EQ(refused([&](RunCommand& c) { c.log_output = "file=" + suite; }), "--log-output");
  // By links, one of which makes the file that it leads to.
  std::filesystem::create_symlink("a.csv", folder + "/link");
  std::filesystem::create_hard_link(suite, folder + "/hard");
  EXPECT_EQ(refused([&](RunCommand& c) { c.samples = folder + "/link"; }), "--samples and --out");
  EXPECT_EQ(refused([&](RunCommand& c) { c.samples = folder + "/hard"; }), "--samples");
  // By its default name.
  EXPECT_EQ(refused([&](RunCommand& c) { c.html = "s-test-summary.json"; }),
            "--summary-file and --html");
}

// A run that says nothing of the gateway, or not all, is an error; a crossed threshold is a
// failure.
TEST(RunReport, ARunWithoutAVerdictIsAnErrorInJunitAndMarkdown) {
  struct EndCase {
    std::string error;
    void (*end)(RunResult& result, const std::string& error);
  };
  const std::vector<EndCase> cases{
      {"the run was interrupted",
       [](RunResult& r, const std::string& e) { r.fail(ExitCode::interrupted, e); }},
      {"a flow aborted the run: enough",
       [](RunResult& r, const std::string& e) { r.fail(ExitCode::aborted_by_suite, e); }},
      {"a threshold aborted the run", [](RunResult& r, const std::string& e) { r.abort(e); }},
      {"setup took longer than 1m0s",
       [](RunResult& r, const std::string& e) { r.fail(ExitCode::setup_timeout, e); }},
      {"a flow failed: x",
       [](RunResult& r, const std::string& e) { r.fail(ExitCode::flow_failed, e); }},
      {"test marked as failed: x",
       [](RunResult& r, const std::string& e) { r.fail(ExitCode::marked_failed, e); }},
      {"incomplete: shard 2 of 3 is missing",
       [](RunResult& r, const std::string& e) { r.fail(ExitCode::incomplete, e); }},
      {"samples: can't be written: No space left on device",
       [](RunResult& r, const std::string& e) { r.fail(ExitCode::failure, e); }},
      // After a threshold was crossed, too.
      {"teardown took longer than 1m0s",
       [](RunResult& r, const std::string& e) {
         r.fail(ExitCode::thresholds_crossed, "a threshold was crossed");
         r.fail(ExitCode::teardown_timeout, e);
       }},
  };
  RunCommand command;
  command.summary_file = "none";
  command.junit = "junit.xml";
  command.markdown = "run.md";
  const auto contents = [&command](RunResult& result) {
    result.note_end();
    result.summary.facts.suite = "soak";
    const auto files = report_files(result.summary, command);
    EXPECT_EQ(files.size(), 2u);
    return std::pair(files.at(0).second, files.at(1).second);
  };
  for (const EndCase& each : cases) {
    RunResult result;
    each.end(result, each.error);
    const auto [junit, markdown] = contents(result);
    EXPECT_NE(junit.find("errors=\"1\""), std::string::npos) << each.error << junit;
    EXPECT_NE(markdown.find("## ❌ soak ended with an error\n"), std::string::npos) << markdown;
    EXPECT_NE(markdown.find("- **Error:** "), std::string::npos) << markdown;
    const std::string first_words = each.error.substr(0, each.error.find_first_of(":'"));
    EXPECT_NE(junit.find("<error message=\"" + first_words), std::string::npos) << junit;
    EXPECT_NE(markdown.find(first_words), std::string::npos) << markdown;
  }
  RunResult crossed;
  crossed.fail(ExitCode::thresholds_crossed, "a threshold was crossed");
  const auto [junit, markdown] = contents(crossed);
  EXPECT_EQ(junit.find("<error"), std::string::npos) << junit;
  EXPECT_NE(markdown.find("## ❌ soak failed\n"), std::string::npos) << markdown;
}

// Of files that do not exist yet, too.
TEST(RunReport, AFileIsOneHoweverItsNameIsSpelled) {
  struct PlacesCase {
    std::string_view flags;
    void (*change)(RunCommand& command);
  };
  static const std::string kAbsolute = std::filesystem::current_path() / "no-such-q.json";
  constexpr PlacesCase kCases[]{
      {"--markdown and --html",
       [](RunCommand& c) {
         c.markdown = "no-such-q.md";
         c.html = "./no-such-q.md";
       }},
      {"--summary-file and --mergeable",
       [](RunCommand& c) {
         c.mergeable = "no-such-q.json";
         c.summary_file = "./no-such-q.json";
       }},
      {"--samples and --out",
       [](RunCommand& c) {
         c.samples = "no-such-q.json";
         c.outputs = {"json=././no-such-q.json"};
       }},
      {"--out and --out",
       [](RunCommand& c) { c.outputs = {"json=no-such-q.json", "csv=./no-such-q.json"}; }},
      {"--junit and --html",
       [](RunCommand& c) {
         c.junit = kAbsolute;
         c.html = "no-such-folder/../no-such-q.json";
       }},
      {"--html and --console-output",
       [](RunCommand& c) {
         c.html = "no-such-q.json";
         c.console_output = lab::Setting{"--console-output", kAbsolute};
       }},
  };
  for (const PlacesCase& each : kCases) {
    RunCommand command;
    each.change(command);
    const auto checked = check_places("s", command);
    EXPECT_EQ(checked ? "fine" : checked.error().where, each.flags);
  }
}

TEST(RunReport, WhatGoesToTheOutputIsNoFile) {
  std::ostringstream output;
  EXPECT_TRUE(write_file({"-", "text"}, output));
  EXPECT_EQ(output.str(), "text");
  EXPECT_FALSE(std::filesystem::exists("-"));
}

}  // namespace
}  // namespace loader
