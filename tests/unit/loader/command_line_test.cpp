#include "loader/command/command_line.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "shared/base/json.h"

namespace loader {
namespace {

using std::chrono::seconds;

std::optional<std::string> nothing(const std::string&) { return std::nullopt; }

lab::Result<RunCommand> parse(const std::vector<std::string>& arguments) {
  return parse_run_command(arguments, nothing);
}

// What flags and variables say of an option.
std::string said(const RunCommand& command, const std::string& option) {
  for (const OptionSetting& setting : command.options) {
    if (setting.option == option) return setting.value->get<std::string>();
  }
  return "(nothing)";
}

std::string error_of(const std::vector<std::string>& arguments) {
  return parse(arguments).error().to_string();
}

TEST(CommandLine, ReadsEveryFlag) {
  const RunCommand command = parse({"smoke",
                                    "-u",
                                    "5",
                                    "-d",
                                    "10s",
                                    "-e",
                                    "A=1,2",
                                    "-e",
                                    "B=x=y",
                                    "--url",
                                    "http://h",
                                    "--seed",
                                    "7",
                                    "--threads",
                                    "2",
                                    "--tag",
                                    "a=b",
                                    "--execution-segment",
                                    "1/4:1/2",
                                    "--execution-segment-sequence",
                                    "0,1/4,1/2,1",
                                    "--insecure-skip-tls-verify",
                                    "--no-setup",
                                    "--no-teardown",
                                    "--no-thresholds",
                                    "--no-data=pass",
                                    "-o",
                                    "json=a.json",
                                    "-o",
                                    "csv=b.csv",
                                    "--summary-export",
                                    "s.json",
                                    "--summary-trend-stats",
                                    "avg,p(99)",
                                    "--summary-mode=full",
                                    "--junit=j.xml",
                                    "--samples=s.jsonl",
                                    "--html=r.html",
                                    "--no-summary",
                                    "-q",
                                    "--no-color"})
                                 .value();
  EXPECT_EQ(command.suite, "smoke");
  EXPECT_EQ(command.shortcuts.vus, 5u);
  EXPECT_EQ(command.shortcuts.duration, seconds(10));
  // A comma is part of a value.
  EXPECT_EQ(command.assignments, (std::vector<std::string>{"A=1,2", "B=x=y"}));
  EXPECT_EQ(command.url, "http://h");
  EXPECT_EQ(command.seed, 7u);
  EXPECT_EQ(command.threads, 2u);
  EXPECT_EQ(command.tags.at("a"), "b");
  EXPECT_EQ(command.segment->from, (Rational{1, 4}));
  EXPECT_EQ(command.segment_sequence.size(), 3u);
  EXPECT_EQ(said(command, "insecureSkipTLSVerify"), "true");
  EXPECT_EQ(said(command, "noSetup"), "true");
  EXPECT_EQ(said(command, "noTeardown"), "true");
  EXPECT_TRUE(command.no_thresholds);
  EXPECT_EQ(command.no_data, NoDataPolicy::pass);
  EXPECT_EQ(command.outputs, (std::vector<std::string>{"json=a.json", "csv=b.csv"}));
  EXPECT_EQ(command.summary_export, "s.json");
  EXPECT_EQ(command.summary_trend_stats, (std::vector<std::string>{"avg", "p(99)"}));
  EXPECT_EQ(command.summary_mode, SummaryMode::full);
  EXPECT_EQ(command.junit, "j.xml");
  EXPECT_EQ(command.samples, "s.jsonl");
  EXPECT_EQ(command.html, "r.html");
  EXPECT_TRUE(command.no_summary);
  EXPECT_TRUE(command.quiet);
  EXPECT_TRUE(command.no_color);
}

TEST(CommandLine, SuiteOptionsHaveFlagsWhereK6HasThem) {
  const RunCommand command =
      parse({"smoke", "--user-agent", "me", "--no-connection-reuse", "--no-vu-connection-reuse",
             "--min-iteration-duration=2s", "--summary-time-unit=us"})
          .value();
  EXPECT_EQ(said(command, "userAgent"), "me");
  EXPECT_EQ(said(command, "noConnectionReuse"), "true");
  EXPECT_EQ(said(command, "noVUConnectionReuse"), "true");
  EXPECT_EQ(said(command, "minIterationDuration"), "2s");
  EXPECT_EQ(said(command, "summaryTimeUnit"), "us");
}

TEST(CommandLine, DefaultsAreK6s) {
  const RunCommand command = parse({"suite.json"}).value();
  EXPECT_TRUE(command.shortcuts.is_empty());
  EXPECT_FALSE(command.seed);
  EXPECT_EQ(command.threads, 1u);
  EXPECT_FALSE(command.simulate);
  EXPECT_EQ(command.no_data, std::nullopt);
  EXPECT_FALSE(command.no_thresholds);
}

TEST(CommandLine, SimulateTakesAFileOnlyWithAnEqualsSign) {
  EXPECT_EQ(parse({"--simulate", "smoke"}).value().simulate, "");
  EXPECT_EQ(parse({"--simulate", "smoke"}).value().suite, "smoke");
  EXPECT_EQ(parse({"smoke", "--simulate=slow.json"}).value().simulate, "slow.json");
}

TEST(CommandLine, AGatewayMayFollowTheFlagOrTheEqualsSign) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"smoke", "--simulate=gw.json"},
        {"smoke", "--simulate", "gw.json"},
        {"--simulate", "gw.json", "smoke", "--seed", "3"}}) {
    const auto command = parse(arguments);
    ASSERT_TRUE(command) << command.error().to_string();
    EXPECT_EQ(command->suite, "smoke");
    EXPECT_EQ(command->simulate, "gw.json");
  }
  // With one name alone it is the suite's.
  EXPECT_EQ(parse({"--simulate", "smoke"}).value().suite, "smoke");
  EXPECT_EQ(error_of({"smoke", "soak", "--simulate=gw.json"}), "unexpected argument \"soak\"");
}

TEST(CommandLine, AnEmptyGatewayIsRefused) {
  EXPECT_EQ(error_of({"smoke", "--simulate="}),
            "--simulate: \"\" is not allowed behind \"=\"; it takes the name of a file, or of a "
            "built-in gateway, and without \"=\" it is the healthy one");
}

TEST(CommandLine, UsageNamesEveryCommand) {
  for (const char* const command :
       {"run", "inspect", "report", "compare", "merge", "prove", "experiment", "completion"}) {
    EXPECT_NE(usage().find("\n  loader " + std::string(command) + " "), std::string::npos)
        << command;
  }
}

TEST(CommandLine, AnUnknownFlagHasASuggestion) {
  EXPECT_NE(error_of({"smoke", "--itertions=5"}).find("did you mean --iterations?"),
            std::string::npos);
  EXPECT_NE(error_of({"smoke", "--simulat"}).find("did you mean --simulate?"), std::string::npos);
  EXPECT_EQ(error_of({"smoke", "--xyzzyx"}).find("did you mean"), std::string::npos);
}

TEST(CommandLine, TheSummaryFileHasAPlaceOrNone) {
  EXPECT_EQ(parse({"smoke"}).value().summary_file, "");
  EXPECT_EQ(parse({"smoke", "--summary-file", "none"}).value().summary_file, "none");
}

TEST(CommandLine, ANetworkIsForSimulations) {
  EXPECT_EQ(parse({"smoke", "--simulate", "--network", "net.json"}).value().network, "net.json");
  EXPECT_EQ(error_of({"smoke", "--network", "net.json"}),
            "--network: is for --simulate: a real network is as it is");
  EXPECT_EQ(
      error_of({"smoke", "--simulate", "--network="}),
      "--network: \"\" is not allowed; it takes the name of a file, or of a built-in network");
}

TEST(CommandLine, StagesAddUp) {
  EXPECT_EQ(
      parse({"smoke", "-s", "10s:5", "--stage", "20s:7,5s:0"}).value().shortcuts.stages.size(), 3u);
}

TEST(CommandLine, SaysWhichFlagIsWrongAndWhatItTakes) {
  EXPECT_NE(error_of({}).find("which suite?"), std::string::npos);
  EXPECT_NE(error_of({}).find("smoke"), std::string::npos);
  EXPECT_NE(error_of({"smoke", "soak"}).find("unexpected argument \"soak\""), std::string::npos);
  EXPECT_NE(error_of({"smoke", "--vsu", "5"}).find("vsu"), std::string::npos);
  EXPECT_NE(error_of({"smoke", "-u", "five"}).find("--vus: \"five\""), std::string::npos);
  EXPECT_EQ(error_of({"smoke", "-i", "0"}),
            "--iterations: \"0\" is not allowed; it takes a whole number from 1 up");
  EXPECT_NE(error_of({"smoke", "-u", "-5"}).find("--vus"), std::string::npos);
  EXPECT_NE(error_of({"smoke", "-d", "10"}).find("--duration: invalid duration \"10\""),
            std::string::npos);
  EXPECT_NE(error_of({"smoke", "-s", "10"}).find("--stage"), std::string::npos);
  EXPECT_NE(error_of({"smoke", "--tag", "x"}).find("NAME=VALUE"), std::string::npos);
  EXPECT_NE(error_of({"smoke", "--no-data", "maybe"}).find("\"fail\" or \"pass\""),
            std::string::npos);
  EXPECT_NE(error_of({"smoke", "--threads", "0"}).find("1 to 256"), std::string::npos);
  EXPECT_NE(error_of({"smoke", "--threads", "2", "--simulate"}).find("one thread"),
            std::string::npos);
  EXPECT_NE(error_of({"smoke", "--url", "http://h", "--simulate"}).find("--simulate"),
            std::string::npos);
  EXPECT_NE(error_of({"smoke", "--execution-segment", "2"}).find("execution segment"),
            std::string::npos);
  EXPECT_NE(error_of({"smoke", "--summary-mode", "short"}).find("compact, full or disabled"),
            std::string::npos);
  EXPECT_NE(error_of({"smoke", "--summary-trend-stats", "p(101)"}).find("--summary-trend-stats"),
            std::string::npos);
}

using Variables = std::map<std::string, std::string>;

lab::EnvironmentLookup lookup_in(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

RunCommand with_variables(Variables variables, const std::vector<std::string>& flags = {}) {
  std::vector<std::string> arguments{"smoke"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  return parse_run_command(arguments, lookup_in(std::move(variables))).value();
}

TEST(CommandLine, AModeOfTheSummaryIsNone) {
  EXPECT_TRUE(parse({"smoke", "--summary-mode=disabled"}).value().no_summary);
  EXPECT_TRUE(with_variables({{"K6_SUMMARY_MODE", "disabled"}}).no_summary);
  EXPECT_FALSE(parse({"smoke", "--summary-mode=compact"}).value().no_summary);
  const RunCommand legacy = parse({"smoke", "--summary-mode=legacy"}).value();
  EXPECT_EQ(legacy.summary_mode, SummaryMode::compact);
  ASSERT_EQ(legacy.warnings.size(), 1u);
  EXPECT_TRUE(legacy.warnings[0].starts_with("--summary-mode legacy"));
}

TEST(CommandLine, ReadsK6sVariables) {
  const RunCommand command = with_variables({{"K6_SUMMARY_TIME_UNIT", "ms"},
                                             {"K6_USER_AGENT", "me"},
                                             {"K6_NO_CONNECTION_REUSE", "true"},
                                             {"K6_NO_VU_CONNECTION_REUSE", "1"},
                                             {"K6_MIN_ITERATION_DURATION", "2s"},
                                             {"K6_SETUP_TIMEOUT", "3s"},
                                             {"K6_TEARDOWN_TIMEOUT", "4s"},
                                             {"K6_NO_COLOR", "true"}});
  EXPECT_EQ(said(command, "summaryTimeUnit"), "ms");
  EXPECT_EQ(said(command, "userAgent"), "me");
  EXPECT_EQ(said(command, "noConnectionReuse"), "true");
  EXPECT_EQ(said(command, "noVUConnectionReuse"), "1");
  EXPECT_EQ(said(command, "minIterationDuration"), "2s");
  EXPECT_EQ(said(command, "setupTimeout"), "3s");
  EXPECT_EQ(said(command, "teardownTimeout"), "4s");
  EXPECT_TRUE(command.no_color);
}

TEST(CommandLine, TagsOfAVariableAreAList) {
  const TagMap expected{{"a", "b"}, {"c", "d=e"}};
  EXPECT_EQ(with_variables({{"K6_TAGS", "a:b,c:d=e"}}).tags, expected);
  EXPECT_EQ(with_variables({{"K6_TAGS", "a=b,c=d=e"}}).tags, expected);
  // A flag is one tag, and all that is said of them.
  EXPECT_EQ(with_variables({{"K6_TAGS", "a:b"}}, {"--tag", "x=1,y=2"}).tags,
            (TagMap{{"x", "1,y=2"}}));
  const auto wrong = parse_run_command({"smoke"}, lookup_in({{"K6_TAGS", "a:b,c"}}));
  EXPECT_NE(wrong.error().to_string().find("K6_TAGS"), std::string::npos);
}

TEST(CommandLine, SystemTagsOfAVariableAreTrimmed) {
  const auto tags_of = [](const RunCommand& command) {
    for (const OptionSetting& each : command.options) {
      if (each.option == "systemTags") return each.value->dump();
    }
    return std::string();
  };
  EXPECT_EQ(tags_of(with_variables({{"K6_SYSTEM_TAGS", " check , scenario, ,vu"}})),
            R"(["check","scenario","vu"])");
  EXPECT_EQ(tags_of(parse({"smoke", "--system-tags", "check, vu"}).value()), R"(["check"," vu"])");
}

TEST(CommandLine, OutputsOfAVariableAreAList) {
  const auto outputs = [](Variables variables) {
    return with_variables(std::move(variables)).outputs;
  };
  using Outputs = std::vector<std::string>;
  EXPECT_EQ(outputs({{"K6_OUT", "json=a.json,csv=b.csv"}}), (Outputs{"json=a.json", "csv=b.csv"}));
  EXPECT_EQ(outputs({{"K6_OUT", "csv=fileName=b.csv,timeFormat=unix,json=a.json"}}),
            (Outputs{"csv=fileName=b.csv,timeFormat=unix", "json=a.json"}));
}

TEST(CommandLine, VariablesSayWhatTheCsvOutputLeavesOpen) {
  const Variables variables{{"K6_CSV_FILENAME", "f.csv"},
                            {"K6_CSV_SAVE_INTERVAL", "2s"},
                            {"K6_CSV_TIME_FORMAT", "rfc3339"}};
  const auto output = [&](const std::string& text) {
    return with_variables(variables, {"-o", text}).outputs.at(0);
  };
  const std::string options = "csv=fileName=f.csv,saveInterval=2s,timeFormat=rfc3339";
  EXPECT_EQ(output("csv"), options);
  EXPECT_EQ(output("csv=b.csv"), options + ",fileName=b.csv");
  EXPECT_EQ(output("csv=timeFormat=unix"), options + ",timeFormat=unix");
  EXPECT_EQ(output("json=a.json"), "json=a.json");
}

TEST(CommandLine, FlagsWinOverK6sVariables) {
  const auto lookup = lookup_in(
      {{"K6_VUS", "3"}, {"K6_DURATION", "1m"}, {"K6_NO_THRESHOLDS", "true"}, {"NO_COLOR", "yes"}});
  const RunCommand from_environment = parse_run_command({"smoke"}, lookup).value();
  EXPECT_EQ(from_environment.shortcuts.vus, 3u);
  EXPECT_EQ(from_environment.shortcuts.duration, seconds(60));
  EXPECT_TRUE(from_environment.no_thresholds);
  EXPECT_EQ(with_variables({{"K6_DURATION", "1500"}}).shortcuts.duration,
            std::chrono::milliseconds(1500));
  EXPECT_TRUE(from_environment.no_color);
  // What is to be run is said anew; the number of VUs stays.
  const RunCommand from_flags = parse_run_command({"smoke", "-i", "9"}, lookup).value();
  EXPECT_EQ(from_flags.shortcuts.vus, 3u);
  EXPECT_EQ(from_flags.shortcuts.iterations, 9u);
  EXPECT_FALSE(from_flags.shortcuts.duration);
  EXPECT_EQ(from_flags.warnings,
            std::vector<std::string>{"K6_DURATION has no effect beside --iterations: flags that "
                                     "say what is to be run replace what variables say of it"});
  EXPECT_TRUE(parse_run_command({"smoke", "-d", "9s"}, lookup).value().warnings.empty());
  EXPECT_EQ(parse_run_command({"smoke", "-u", "4"}, lookup).value().shortcuts.vus, 4u);
}

TEST(CommandLine, ADashIsTheSuiteOfStandardInput) {
  std::istringstream input("{}");
  const RunCommand command = parse_run_command({"-"}, nothing, &input).value();
  EXPECT_EQ(suite_of(command).value().text, "{}");
  EXPECT_EQ(suite_of(command).value().file, "stdin");
  EXPECT_EQ(suite_of(command).value().folder, ".");
}

TEST(CommandLine, StandardInputIsASuiteOrAScript) {
  const auto is_script = [](const std::string& text) {
    std::istringstream input(text);
    return suite_of(parse_run_command({"-"}, nothing, &input).value()).value().is_script;
  };
  EXPECT_FALSE(is_script("{}"));
  EXPECT_TRUE(is_script("export default function () {}"));
}

TEST(CommandLine, UsageNamesEveryFlagAndSuite) {
  const std::string text = usage();
  for (const std::string_view word :
       {"--vus", "-u, ", "--simulate[=GATEWAY]", "--no-data fail|pass", "smoke", "soak"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
}

TEST(CommandLine, AnEmptyValueIsNoneWhereItIsToK6) {
  for (const std::string flag : {"-s", "-e", "--execution-segment", "--tag", "--dns", "-o",
                                 "--summary-export", "--summary-trend-stats", "--summary-mode",
                                 "--summary-time-unit", "--log-format", "--console-output"}) {
    const auto command = parse({"smoke", flag, ""});
    ASSERT_TRUE(command) << flag << command.error().to_string();
    EXPECT_TRUE(command->shortcuts.is_empty());
    EXPECT_TRUE(command->options.empty()) << flag;
    EXPECT_TRUE(command->outputs.empty() && command->assignments.empty() && command->tags.empty());
    EXPECT_FALSE(command->console_output);
  }
  EXPECT_EQ(parse({"smoke", "--summary-mode=full", "--summary-mode="}).value().summary_mode,
            SummaryMode::compact);
  EXPECT_EQ(with_variables({{"K6_SUMMARY_MODE", "full"}}, {"--summary-mode="}).summary_mode,
            SummaryMode::compact);
  for (const char* const flag : {"--execution-segment-sequence", "--log-output", "-u", "-d"}) {
    EXPECT_FALSE(parse({"smoke", flag, ""})) << flag;
  }
  EXPECT_FALSE(parse({"smoke", "--tag", "a=b", "--tag", ""}));
}

TEST(CommandLine, AnEmptyPlaceIsRefusedAndAnEmptyVariableIsNotSet) {
  for (const std::string flag :
       {"--summary-file", "--junit", "--markdown", "--html", "--samples", "--mergeable"}) {
    const auto command = parse_run_command(
        {"smoke", flag, ""}, [](const std::string&) { return std::optional<std::string>(); });
    ASSERT_FALSE(command) << flag;
    EXPECT_EQ(command.error().to_string(),
              flag + ": \"\" is not allowed; it takes the name of a file, " +
                  (flag == "--summary-file" ? "- for standard output, or none"
                                            : "or - for standard output"));
  }
  const auto command =
      parse_run_command({"smoke"}, [](const std::string& name) -> std::optional<std::string> {
        return name == "LOADER_SUMMARY_FILE" ? std::optional<std::string>("") : std::nullopt;
      });
  ASSERT_TRUE(command);
  EXPECT_EQ(command->summary_file, "");
}

}  // namespace
}  // namespace loader
