// Nothing of k6's is taken and ignored: each row of the table is held against the real readers, and
// the page that shows it against the table.
#include "loader/suite/k6_options.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "loader/command/command_line.h"
#include "loader/command/run_preparation.h"

namespace loader {
namespace {

using Variables = std::map<std::string, std::string>;

/// What a user reads of a command line and its variables before anything runs.
struct Said {
  std::string error;
  std::string warnings;
  RunCommand command;
};

Said said_of(std::vector<std::string> flags, Variables variables,
             const std::string& options = "{}") {
  flags.emplace_back("-");
  const auto lookup = [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  Said said;
  auto command = parse_run_command(flags, lookup);
  if (!command) return {command.error().to_string(), "", {}};
  said.command = *command;
  command->suite_text =
      "{\"options\": " + options + ", \"flows\": {\"default\": [{\"sleep\": 0}]}}";
  const auto environment = make_environment({}, command->assignments);
  if (!environment) return {environment.error().to_string(), "", *command};
  const auto prepared = prepare_run(*command, *environment);
  if (!prepared) return {prepared.error().to_string(), "", *command};
  for (const std::string& warning : prepared->warnings) said.warnings += warning + "\n";
  return said;
}

/// Free texts: nothing can be wrong with them, so their effect is looked at.
bool takes_text(const std::string& name, const Said& said) {
  const std::map<std::string, std::function<bool(const RunCommand&)>> effects{
      {"userAgent", [](const RunCommand& c) { return !c.options.empty(); }},
      {"systemTags", [](const RunCommand& c) { return !c.options.empty(); }},
      {"config", [](const RunCommand& c) { return !c.config.empty(); }},
      {"env", [](const RunCommand& c) { return !c.assignments.empty(); }},
      {"quiet", [](const RunCommand& c) { return c.quiet; }},
      {"NO_COLOR", [](const RunCommand& c) { return c.no_color; }},
      {"out", [](const RunCommand& c) { return !c.outputs.empty(); }},
      {"summary-export", [](const RunCommand& c) { return !c.summary_export.empty(); }},
      {"NO_PROXY", [](const RunCommand&) { return true; }},
      {"K6_CSV_FILENAME", [](const RunCommand&) { return true; }},
      {"K6_CSV_SAVE_INTERVAL", [](const RunCommand&) { return true; }},
      {"K6_CSV_TIME_FORMAT", [](const RunCommand&) { return true; }},
      // With K6_WEB_DASHBOARD alone; dashboard_test.cpp has them.
      {"K6_WEB_DASHBOARD_HOST", [](const RunCommand&) { return true; }},
      {"K6_WEB_DASHBOARD_PORT", [](const RunCommand&) { return true; }},
      {"K6_WEB_DASHBOARD_EXPORT", [](const RunCommand&) { return true; }}};
  const auto found = effects.find(name);
  return found != effects.end() && found->second(said.command);
}

std::string name_of(const K6Option& option) {
  if (!option.option.empty()) return std::string(option.option);
  return std::string(option.flag.empty() ? option.variable : option.flag);
}

void expect_word(const K6Option& option, const Said& said, const std::string& name) {
  const std::string says(option.says);
  switch (option.word) {
    case K6Word::works:
      EXPECT_TRUE(said.error.find(name) != std::string::npos || takes_text(name_of(option), said))
          << name << ": " << said.error << said.warnings;
      break;
    case K6Word::refused:
      EXPECT_NE(said.error.find(name + ": " + says), std::string::npos) << name << said.error;
      break;
    case K6Word::warned:
    case K6Word::for_scripts:  // This is a suite.
      EXPECT_EQ(said.error, "") << name;
      EXPECT_NE(said.warnings.find(name + " " + says), std::string::npos) << name << said.warnings;
      break;
  }
}

TEST(K6Options, EachOptionIsWhatTheTableSays) {
  for (const K6Option& option : k6_options()) {
    if (option.option.empty()) continue;
    const std::string key(option.option);
    expect_word(option, said_of({}, {}, "{\"" + key + "\": [[1]]}"), "options." + key);
  }
}

TEST(K6Options, EachVariableIsWhatTheTableSays) {
  for (const K6Option& option : k6_options()) {
    // unit_loader_delivery_tests has those of outputs.
    if (option.variable.empty() || is_of_output(option.variable)) continue;
    const std::string name(option.variable);
    expect_word(option, said_of({}, {{name, "x y"}}), name);
  }
}

TEST(K6Options, EachFlagIsWhatTheTableSays) {
  for (const K6Option& option : k6_options()) {
    if (option.flag.empty()) continue;
    const std::string name = "--" + std::string(option.flag);
    if (option.takes == K6Flag::value) {
      expect_word(option, said_of({name + "=x y"}, {}), name);
    } else if (option.word == K6Word::works) {
      EXPECT_EQ(said_of({name}, {}).error, "") << name;
    } else {
      expect_word(option, said_of({name}, {}), name);
    }
    if (option.letter.empty()) continue;
    const std::string letter = "-" + std::string(option.letter);
    const bool is_value = option.takes == K6Flag::value;
    const std::vector<std::string> arguments =
        is_value ? std::vector<std::string>{letter, "x y"} : std::vector<std::string>{letter};
    EXPECT_EQ(said_of(arguments, {}).error.find("does not exist"), std::string::npos) << letter;
  }
}

TEST(K6Options, WhatIsOffIsNotRefused) {
  EXPECT_EQ(said_of({}, {{"K6_PAUSED", "false"}, {"K6_LINGER", "0"}},
                    R"({"paused": false, "linger": "false", "cloud": {}, "features": []})")
                .error,
            "");
  EXPECT_EQ(said_of({"--traces-output", "none"}, {}).error, "");
}

TEST(K6Options, WhatIsForScriptsIsReadForScripts) {
  const auto read = [](const lab::Json& json) {
    lab::JsonProblems problems("script.js");
    lab::JsonProblems layer_problems("");
    OptionLayers layers;
    layers.is_of_script = true;
    const Options options =
        read_options(lab::JsonValue(json, "options", problems), layers, layer_problems);
    EXPECT_TRUE(options.warnings.empty());
    return std::pair(options, problems.to_string());
  };
  const auto [options, problems] =
      read({{"batch", 5}, {"batchPerHost", "0"}, {"handleSummaryTimeout", "5s"}});
  EXPECT_EQ(problems, "");
  EXPECT_EQ(options.summary_timeout, std::chrono::seconds(5));
  EXPECT_EQ(read(lab::Json::object()).first.summary_timeout, std::chrono::minutes(2));
  for (const char* key : {"batch", "batchPerHost", "handleSummaryTimeout"}) {
    EXPECT_NE(read({{key, "many"}}).second.find("options." + std::string(key)), std::string::npos);
  }
}

TEST(K6Options, VariablesThatK6DoesNotHaveAreToldOf) {
  RunCommand command;
  command.suite = "smoke";
  const auto environment =
      make_environment({"K6_VSU=3", "K6_CLOUD_TOKEN=x", "K6_VUS=1", "HOME=/",
                        "K6_PROMETHEUS_RW_HEADERS_X-Scope-OrgID=1", "K6_INFLUXDB_ADDRESS=x"},
                       {});
  const PreparedRun prepared = prepare_run(command, environment.value()).value();
  EXPECT_EQ(prepared.warnings,
            (std::vector<std::string>{"K6_INFLUXDB_ADDRESS is no variable of k6, and has no effect",
                                      "K6_VSU is no variable of k6, and has no effect"}));
}

TEST(K6Options, WhatK6InspectPrintsIsAccepted) {
  const Said said = said_of({}, {}, R"json({
    "scenarios": {"s": {"executor": "constant-vus", "vus": 2, "duration": "10s"}},
    "totalDuration": "40s", "maxVUs": 2})json");
  EXPECT_EQ(said.error, "");
  EXPECT_EQ(said.warnings,
            "options.maxVUs is what k6 inspect works out from the others, and has no effect\n"
            "options.totalDuration is what k6 inspect works out from the others, and has no "
            "effect\n");
}

std::string cell(std::string_view text, std::string_view before = "") {
  return text.empty() ? "" : "`" + std::string(before) + std::string(text) + "`";
}

std::string table() {
  std::string text = "| option | variable | flag | here | |\n|---|---|---|---|---|\n";
  for (const K6Option& option : k6_options()) {
    std::string flags = cell(option.flag, "--");
    if (!option.letter.empty()) flags = cell(option.letter, "-") + " " + flags;
    constexpr std::string_view kWords[] = {"works", "refused", "warning", "works for scripts"};
    text += "| " + cell(option.option) + " | " + cell(option.variable) + " | " + flags + " | " +
            std::string(kWords[static_cast<int>(option.word)]) + " | " +
            (option.word == K6Word::for_scripts ? "beside a suite it " : "") +
            std::string(option.says) + " |\n";
  }
  return text;
}

// UPDATE_GOLDEN=1 in the environment writes the table anew.
TEST(K6Options, ThePageShowsTheTable) {
  const std::string path = LAB_DOCS_FOLDER "/k6-options.md";
  std::ifstream file(path);
  std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = page.find("| option |");
  ASSERT_NE(begin, std::string::npos) << path;
  const std::size_t after = page.find("\n\n", begin);
  const std::size_t size = after == std::string::npos ? after : after + 1 - begin;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    page.replace(begin, size, table());
    std::ofstream(path) << page;
    return;
  }
  EXPECT_EQ(page.substr(begin, size), table());
}

}  // namespace
}  // namespace loader
