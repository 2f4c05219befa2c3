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
  EXPECT_EQ(check_writable(folder + "/no/b").error().to_string(),
            folder + "/no/b: can't be written: No such file or directory");
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
  // By its default name.
  EXPECT_EQ(refused([&](RunCommand& c) { c.html = "s-test-summary.json"; }),
            "--summary-file and --html");
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
