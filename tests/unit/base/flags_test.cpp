#include "shared/base/flags.h"

#include <gtest/gtest.h>

#include <array>

namespace lab {
namespace {

constexpr std::array kTable{
    Flag{"users", "N", FlagTakes::one, "how many", "LAB_USERS", "u"},
    Flag{"tag", "NAME=VALUE", FlagTakes::several, "a tag (repeatable)"},
    Flag{"quiet", "", FlagTakes::nothing, "says less", "LAB_QUIET", "q"},
    Flag{"debug", "headers|full", FlagTakes::maybe, "shows more", "", "", "headers"},
    Flag{"paused", "", FlagTakes::nothing, ""},
};

Result<GivenFlags> parse(const std::vector<std::string>& arguments) {
  return GivenFlags::parse(kTable, "file", arguments);
}

std::string error_of(const std::vector<std::string>& arguments) {
  const auto flags = parse(arguments);
  return flags ? "no error" : flags.error().to_string();
}

std::vector<std::string> texts(const std::vector<Setting>& settings) {
  std::vector<std::string> all;
  for (const Setting& setting : settings) all.push_back(setting.source + " " + setting.text);
  return all;
}

EnvironmentLookup only(std::string name, std::string text) {
  return [=](const std::string& asked) {
    return asked == name ? std::optional<std::string>(text) : std::nullopt;
  };
}

using Texts = std::vector<std::string>;

TEST(Flags, AreKeptWithTheirNamesInOrder) {
  const GivenFlags flags =
      parse({"a.json", "-u", "1", "--tag", "a=b,c", "--users=2", "--tag=", "-q"}).value();
  EXPECT_EQ(texts(flags.all("file")), Texts{" a.json"});
  EXPECT_EQ(texts(flags.all("users")), (Texts{"--users 1", "--users 2"}));
  EXPECT_EQ(flags.find("users")->text, "2");
  // A comma is part of a value.
  EXPECT_EQ(texts(flags.all("tag")), (Texts{"--tag a=b,c", "--tag "}));
  EXPECT_TRUE(flags.is_on("quiet").value());
  EXPECT_FALSE(flags.is_on("paused").value());
  EXPECT_FALSE(flags.find("debug"));
}

TEST(Flags, AValueThatMayBeLeftOutStandsBehindAnEqualsSign) {
  EXPECT_EQ(parse({"--debug=full"})->find("debug")->text, "full");
  const GivenFlags flags = parse({"--debug", "full"}).value();
  EXPECT_EQ(flags.find("debug")->text, "headers");
  EXPECT_EQ(texts(flags.all("file")), Texts{" full"});
}

TEST(Flags, WhatFollowsTwoDashesIsNoFlag) {
  const GivenFlags flags = parse({"-q", "--", "--users", "b"}).value();
  EXPECT_EQ(texts(flags.all("file")), (Texts{" --users", " b"}));
}

TEST(Flags, AnErrorNamesTheFlag) {
  EXPECT_NE(error_of({"--users"}).find("users"), std::string::npos);
  EXPECT_NE(error_of({"--nope"}).find("nope"), std::string::npos);
  EXPECT_NE(error_of({"--user", "3"}).find("did you mean --users?"), std::string::npos);
  // Of what --help does not show nobody is told.
  EXPECT_EQ(error_of({"--pausd"}).find("paused"), std::string::npos);
  EXPECT_EQ(error_of({"--paused", "--tga"}).find("did you mean --quiet"), std::string::npos);
}

TEST(Flags, ASwitchTakesTheWordsOfGo) {
  for (const char* word : {"--quiet", "--quiet=true", "--quiet=1", "--quiet=T"}) {
    EXPECT_TRUE(parse({word})->is_on("quiet").value()) << word;
  }
  for (const char* word : {"--quiet=false", "--quiet=0", "--quiet=FALSE"}) {
    EXPECT_FALSE(parse({word})->is_on("quiet").value()) << word;
  }
  EXPECT_EQ(parse({"--quiet=2"})->is_on("quiet").error().to_string(),
            "--quiet: \"2\" is not allowed; it takes true or false");
}

TEST(Flags, ANumberIsWholeAndWithinBounds) {
  const auto number = [](const std::string& text, std::uint64_t min, std::uint64_t max) {
    const auto read = Setting{"--users", text}.as_number(min, max);
    return read ? std::to_string(*read) : read.error().to_string();
  };
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(number("18446744073709551615", 0, kMax), "18446744073709551615");
  EXPECT_EQ(number("5", 1, 5), "5");
  EXPECT_EQ(number("6", 1, 5),
            "--users: \"6\" is not allowed; it takes a whole number from 1 to 5");
  for (const char* bad : {"", "0", "-1", "+1", "1.5", "1x", " 1", "18446744073709551616"}) {
    EXPECT_EQ(number(bad, 1, kMax), "--users: \"" + std::string(bad) +
                                        "\" is not allowed; it takes a whole number from 1 up");
  }
}

TEST(Flags, AVariableSaysWhatNoFlagDoes) {
  GivenFlags flags = parse({"-q"}).value();
  flags.add_variable("quiet", "LAB_QUIET", only("LAB_QUIET", "false"));
  flags.add_variable("users", "LAB_USERS", only("LAB_USERS", "7"));
  EXPECT_TRUE(flags.is_on("quiet").value());
  EXPECT_EQ(texts(flags.all("users")), Texts{"LAB_USERS 7"});
  EXPECT_EQ(texts(flags.taken_from_environment()), Texts{"LAB_USERS 7"});
}

TEST(Flags, AnEmptyVariableIsNotSet) {
  GivenFlags flags;
  flags.add_variable("users", "LAB_USERS", only("LAB_USERS", ""));
  flags.add_variable("users", "", only("", "7"));
  EXPECT_FALSE(flags.find("users"));
}

TEST(Flags, HelpIsTheTable) {
  EXPECT_EQ(flags_help(kTable),
            "  -u, --users N                         how many\n"
            "      --tag NAME=VALUE                  a tag (repeatable)\n"
            "  -q, --quiet                           says less\n"
            "      --debug[=headers|full]            shows more\n");
}

}  // namespace
}  // namespace lab
