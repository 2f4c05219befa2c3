// Flags that a command could only ignore: they are refused, and those of k6 that do no harm are
// not.
#include <gtest/gtest.h>

#include <algorithm>

#include "loader/command/command_line.h"
#include "loader/command/command_variables.h"
#include "loader/command/compare_command_line.h"
#include "loader/command/inspect_flags.h"
#include "loader/command/prove_command_line.h"
#include "loader/command/run_preparation.h"

namespace loader {
namespace {

std::optional<std::string> nothing(const std::string&) { return std::nullopt; }

std::string inspect_refusal(const std::vector<std::string>& arguments,
                            const lab::EnvironmentLookup& environment = nothing) {
  const auto command = parse_inspect_command(arguments, environment);
  return command ? "" : command.error().to_string();
}

std::string prove_refusal(const std::vector<std::string>& arguments) {
  const auto command = parse_prove_command(arguments);
  return command ? "" : command.error().to_string();
}

std::string words_behind(const std::string& text) { return text.substr(text.find(' ') + 1); }

TEST(FlagsInVain, InspectWritesNothingAndBeginsNothing) {
  for (const char* const flag :
       {"--samples=a.jsonl", "--html=a.html", "--junit=a.xml", "--markdown=a.md", "--seed=3",
        "--summary-file=a.json", "--mergeable=a.json", "--out=json=a.json", "--dashboard",
        "--no-data=pass", "--no-llm-metrics", "--console-output=a.txt",
        "--start-at=2026-01-31T12:00:00Z"}) {
    const std::string refusal = inspect_refusal({"smoke", flag});
    EXPECT_EQ(refusal.substr(0, refusal.find(':')),
              std::string(flag).substr(0, std::string_view(flag).find('=')));
    EXPECT_EQ(words_behind(refusal),
              "is for loader run; loader inspect runs nothing and writes no files, leave it out");
  }
}

TEST(FlagsInVain, InspectTakesWhatSaysWhatWouldBeRunAndWhatK6InspectTakes) {
  for (const char* const flag :
       {"--vus=3", "--simulate", "--threads=2", "--json", "--no-thresholds", "--no-summary",
        "--summary-export=a.json", "--summary-mode=full", "--verbose", "--quiet", "--no-color",
        "--log-output=none", "--tag=a=b", "--shard=1/2"}) {
    EXPECT_EQ(inspect_refusal({"smoke", flag}), "") << flag;
  }
  // A variable is set for all commands of a job.
  EXPECT_EQ(inspect_refusal({"smoke"},
                            [](const std::string& name) -> std::optional<std::string> {
                              if (name == "K6_OUT") return "json=a.json";
                              return std::nullopt;
                            }),
            "");
}

TEST(FlagsInVain, ARunDoesNotPrintTheSuitesFile) {
  EXPECT_EQ(parse_run_command({"smoke", "--json"}, nothing).error().to_string(),
            "--json: is for loader inspect, which prints the suite's file; a run writes its "
            "summary as JSON to the file of --summary-file");
}

TEST(FlagsInVain, CompletionOffersWhatIsTaken) {
  const auto has = [](const std::vector<lab::Flag>& flags, std::string_view name) {
    return std::ranges::find(flags, name, &lab::Flag::name) != flags.end();
  };
  EXPECT_TRUE(has(flags_of_run(), "samples"));
  EXPECT_FALSE(has(flags_of_run(), "json"));
  EXPECT_TRUE(has(flags_of_inspect(), "json"));
  EXPECT_FALSE(has(flags_of_inspect(), "samples"));
}

TEST(FlagsInVain, WhatIsForScriptsIsToldOfBesideASuite) {
  const RunEnvironment environment = make_environment({}, {}).value();
  const auto prepared = [&](const char* flag) {
    return prepare_run(parse_run_command({"smoke", "--simulate", flag}, nothing).value(),
                       environment);
  };
  // k6 takes it with any script, so a command line has it for all.
  EXPECT_EQ(prepared("-v")->warnings.back(),
            "--verbose has no effect: a flow has no console.debug()");
  EXPECT_EQ(prepared("--no-llm-metrics").error().to_string(),
            "--no-llm-metrics: is for scripts; of a suite, a step that is chat is measured as "
            "such, and one that is http is not");
}

TEST(FlagsInVain, AProofOfASuiteHasNoCommandsFlags) {
  for (const char* const flag : {"--exec-output", "--exec-timeout"}) {
    EXPECT_EQ(prove_refusal({"smoke", flag, "1s"}),
              std::string(flag) + ": is of a command, which --exec names");
  }
  EXPECT_EQ(prove_refusal({"--exec", "true", "--exec-output", "f", "--exec-timeout", "1s"}), "");
}

TEST(FlagsInVain, AProofOfACommandHasNoSuitesFlags) {
  for (const std::string flag :
       {"--vus=1", "--duration=1s", "--iterations=1", "--env=A=b", "--flow=smoke", "--budget=1m",
        "--threads=2", "--write-mutants=f"}) {
    EXPECT_EQ(
        prove_refusal({"--exec", "true", flag}),
        flag.substr(0, flag.find('=')) + ": is of a suite; a command has its own, leave it out");
  }
  EXPECT_EQ(prove_refusal({"--exec", "true", "--seeds=2", "--gateway=healthy", "--only=latency"}),
            "");
}

TEST(FlagsInVain, ACharacteristicVariesOneFamily) {
  for (const std::string flag : {"--only=latency", "--skip=latency", "--min-score=50"}) {
    EXPECT_EQ(prove_refusal({"smoke", "--oc", "http_req_failed: rate<0.05", "--vary",
                             "status-500=0..20%", flag}),
              flag.substr(0, flag.find('=')) +
                  ": has no meaning with --oc, which varies one family: that of --vary");
  }
}

TEST(FlagsInVain, AMessageNamesTheVariableThatSaidIt) {
  const std::vector<lab::Setting> taken{{"K6_OUT", "foo"}, {"K6_LOG_OUTPUT", "none"}};
  EXPECT_EQ(source_of("out", taken), "K6_OUT");
  EXPECT_EQ(source_of("log-output", taken), "K6_LOG_OUTPUT");
  EXPECT_EQ(source_of("config", taken), "--config");
  EXPECT_EQ(source_of("samples", taken), "--samples");
}

TEST(FlagsInVain, AFileOfTwoNamesIsRefused) {
  const auto refusal = [](const auto& command) {
    return command ? std::string() : command.error().to_string();
  };
  EXPECT_EQ(refusal(parse_run_command({"smoke", "--samples", "a", "--samples", "b"}, nothing)),
            "--samples: is said twice, \"a\" and \"b\"; it takes one place");
  EXPECT_EQ(refusal(parse_run_command({"smoke", "--html=a", "--html", "a"}, nothing)), "");
  EXPECT_EQ(refusal(parse_compare_command({"a", "b", "--json=c", "--json=d"})),
            "--json: is said twice, \"c\" and \"d\"; it takes one place");
  EXPECT_EQ(prove_refusal({"smoke", "--junit=c", "--junit=d"}),
            "--junit: is said twice, \"c\" and \"d\"; it takes one place");
  // In k6 the last counts, by which a script's default is replaced.
  EXPECT_EQ(parse_run_command({"smoke", "--summary-export=a", "--summary-export=b"}, nothing)
                ->summary_export,
            "b");
}

}  // namespace
}  // namespace loader
