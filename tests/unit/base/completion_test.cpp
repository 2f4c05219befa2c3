#include "shared/base/completion.h"

#include <gtest/gtest.h>

#include <array>

namespace lab {
namespace {

constexpr std::array kFlags{
    Flag{"gateway", "GATEWAY", FlagTakes::maybe, "a gateway: a file's, or [built in]"},
    Flag{"mode", "full|compact", FlagTakes::one, "how much of 'it'", "", "m"},
    Flag{"tag", "NAME=VALUE", FlagTakes::several, "a tag"},
    Flag{"hidden", "", FlagTakes::nothing, ""},
};

CompletedProgram program() {
  return {.name = "tool",
          .commands = {{.name = "run", .help = "run it", .argument = "SUITE", .flags = kFlags}},
          .choices = {{"GATEWAY", {.words = {"healthy", "slow"}, .has_files = true}},
                      {"SUITE", {.words = {"smoke"}}}}};
}

std::string script(std::string_view shell) { return completion_script(shell, program()).value(); }

TEST(Completion, AValueIsWhatItIsCalled) {
  const CompletedProgram known = program();
  using Choices = CompletionChoices;
  for (const auto& [value, choices] : std::vector<std::pair<std::string_view, Choices>>{
           {"GATEWAY", {.words = {"healthy", "slow"}, .has_files = true}},
           {"FILE", {.has_files = true}},
           {"FILE|none", {.words = {"none"}, .has_files = true}},
           {"KIND=FILE", {.has_files = true}},
           {"FOLDER", {.has_folders = true}},
           {"compact|full|disabled", {.words = {"compact", "full", "disabled"}}},
           {"N", {}},
           {"", {}}}) {
    EXPECT_EQ(choices_of(value, known.choices), choices) << value;
  }
}

TEST(Completion, AnUnknownShellIsToldWhichThereAre) {
  EXPECT_EQ(completion_script("csh", program()).error().to_string(),
            "no completion for \"csh\"; there are bash, zsh, fish");
}

TEST(Completion, FlagsThatHelpDoesNotShowAreLeftOut) {
  for (const std::string_view shell : {"bash", "zsh", "fish"}) {
    EXPECT_EQ(script(shell).find("hidden"), std::string::npos) << shell;
    EXPECT_NE(script(shell).find("gateway"), std::string::npos) << shell;
  }
}

TEST(Completion, AHelpTextIsQuotedForItsShell) {
  EXPECT_NE(script("zsh").find("'--gateway=-[a gateway: a file'\\''s, or \\[built in\\]]"
                               "::GATEWAY:{compadd -- healthy slow; _files;}'"),
            std::string::npos)
      << script("zsh");
  EXPECT_NE(script("fish").find("-l mode -s m -x -a 'full compact' -d 'how much of \\'it\\''\n"),
            std::string::npos)
      << script("fish");
}

TEST(Completion, InBashAValueThatMayBeLeftOutFollowsAnEqualsSignOnly) {
  const std::string text = script("bash");
  EXPECT_NE(text.find("    run:--gateway=)\n      choose 'healthy slow' -f; return ;;\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("    run:--mode|run:--mode=|run:-m)\n      choose 'full compact'; return"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace lab
