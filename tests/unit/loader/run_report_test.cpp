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

TEST(RunReport, WhatGoesToTheOutputIsNoFile) {
  std::ostringstream output;
  EXPECT_TRUE(write_file({"-", "text"}, output));
  EXPECT_EQ(output.str(), "text");
  EXPECT_FALSE(std::filesystem::exists("-"));
}

}  // namespace
}  // namespace loader
