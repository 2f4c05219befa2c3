#include "loader/command/global_flags.h"

#include <gtest/gtest.h>

#include <sstream>

namespace loader {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

TEST(GlobalFlags, StandBehindTheCommandAfterwards) {
  constexpr std::pair<const char*, const char*> kTable[]{
      {"-q run x.js", "run -q x.js"},
      {"--quiet --no-color run x.js -i 1", "run --quiet --no-color x.js -i 1"},
      {"-v run -", "run -v -"},
      {"-qv run x.js", "run -qv x.js"},
      {"-q=1 -vq=false -c=c.json run x.js", "run -q=1 -vq=false -c=c.json x.js"},
      {"--quiet=false inspect x.js", "inspect --quiet=false x.js"},
      {"--log-output none run x.js", "run --log-output none x.js"},
      {"--log-format=json -a :1 run x.js", "run --log-format=json -a :1 x.js"},
      {"-a:1 -qc run report x", "report -a:1 -qc run x"},
      // Which commands there are, and which flags they know, others say.
      {"-q foo", "foo -q"},
      {"--no-color report s.json", "report --no-color s.json"},
  };
  for (const auto& [given, wanted] : kTable) {
    EXPECT_EQ(with_command_first(words_of(given)), words_of(wanted)) << given;
  }
}

TEST(GlobalFlags, OthersStayWhereTheyAre) {
  for (const char* const given :
       {"", "run -q x.js", "--vus 3 run x.js", "-u 3 run", "-", "--", "--version", "--help run",
        "-q= run x.js", "--quie run x.js", "--linger run x.js", "-1 run"}) {
    EXPECT_EQ(with_command_first(words_of(given)), words_of(given)) << given;
  }
}

TEST(GlobalFlags, AreNothingWithoutACommand) {
  EXPECT_EQ(with_command_first({"-q"}), words_of(""));
  EXPECT_EQ(with_command_first({"--log-output"}), words_of(""));
  EXPECT_EQ(with_command_first({"--log-output", "run"}), words_of(""));
  EXPECT_EQ(with_command_first({"-q", "--help"}), words_of("--help"));
  EXPECT_EQ(with_command_first({"-q", "--vus", "3", "run"}), words_of("--vus 3 run"));
}

}  // namespace
}  // namespace loader
