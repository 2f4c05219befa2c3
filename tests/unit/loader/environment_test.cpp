#include "loader/suite/environment.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(Environment, DefaultsHoldWhereNothingIsSet) {
  const RunEnvironment environment = make_environment({}, {}).value();
  EXPECT_EQ(environment.gateway_url(), "http://localhost:8080");
  EXPECT_EQ(environment.api_key(), "test-api-key");
  EXPECT_EQ(environment.variables.at("MODEL"), "gpt-3.5-turbo");
  EXPECT_EQ(environment.variables.at("MAX_TOKENS"), "100");
  EXPECT_EQ(environment.variables.at("TEMPERATURE"), "0.7");
  // A default must not override a suite's own value, so it is not the user's.
  EXPECT_TRUE(environment.set_by_user.empty());
}

TEST(Environment, WhatIsNoUtf8IsReplacedAsScriptsOfK6SeeIt) {
  const RunEnvironment environment = make_environment({"A=x\xff"}, {"B=\xc3\xa9\xfe"}).value();
  EXPECT_EQ(environment.set_by_user.at("A"), "x\uFFFD");
  EXPECT_EQ(environment.set_by_user.at("B"), "\u00e9\uFFFD");
}

TEST(Environment, FlagsWinOverTheProcessWhichWinsOverDefaults) {
  const RunEnvironment environment =
      make_environment({"MODEL=gpt-4", "API_KEY=process", "HOME=/root"}, {"API_KEY=flag"}).value();
  EXPECT_EQ(environment.variables.at("MODEL"), "gpt-4");
  EXPECT_EQ(environment.api_key(), "flag");
  EXPECT_EQ(environment.set_by_user.at("MODEL"), "gpt-4");
  EXPECT_EQ(environment.set_by_user.at("HOME"), "/root");
}

TEST(Environment, ZeroAndEmptyAreValuesAndEqualsSignsMayFollow) {
  const RunEnvironment environment =
      make_environment({}, {"TEMPERATURE=0", "API_KEY=", "QUERY=a=b"}).value();
  EXPECT_EQ(environment.set_by_user.at("TEMPERATURE"), "0");
  EXPECT_EQ(environment.api_key(), "");
  EXPECT_EQ(environment.variables.at("QUERY"), "a=b");
}

TEST(Environment, AnEmptyVariableThatHasADefaultCountsAsNotSet) {
  const RunEnvironment environment =
      make_environment({"GATEWAY_URL=", "API_KEY=", "MODEL=", "MAX_TOKENS=", "TEMPERATURE=", "X="},
                       {})
          .value();
  EXPECT_EQ(environment.gateway_url(), "http://localhost:8080");
  EXPECT_EQ(environment.api_key(), "test-api-key");
  EXPECT_EQ(environment.variables.at("MODEL"), "gpt-3.5-turbo");
  // Of other variables nobody knows what empty means.
  EXPECT_EQ(environment.set_by_user.size(), 1u);
  EXPECT_EQ(environment.variables.at("X"), "");
}

TEST(Environment, AnAssignmentWithoutValueEmptiesIt) {
  EXPECT_EQ(make_environment({"TOKEN=x"}, {"TOKEN"}).value().variables.at("TOKEN"), "");
  EXPECT_EQ(make_environment({}, {"TOKEN"}).value().variables.at("TOKEN"), "");
}

TEST(Environment, NamesAreThoseThatK6Takes) {
  EXPECT_EQ(make_environment({}, {"_a1=x"}).value().variables.at("_a1"), "x");
  for (const char* assignment : {"", "=x", "1A=x", "A-B=x", "A.B", "\u00fc=x"}) {
    EXPECT_TRUE(make_environment({}, {assignment}).has_error()) << assignment;
  }
  // What the process has is not the user's to change.
  EXPECT_EQ(make_environment({"A-B=x"}, {}).value().variables.at("A-B"), "x");
}

}  // namespace
}  // namespace loader
