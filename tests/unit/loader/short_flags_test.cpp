#include "loader/command/short_flags.h"

#include <gtest/gtest.h>

#include "loader/command/command_flags.h"

namespace loader {
namespace {

using Arguments = std::vector<std::string>;

TEST(ShortFlags, StandApartFromTheirValues) {
  const std::pair<Arguments, Arguments> table[]{
      {{"-u=2"}, {"-u", "2"}},
      {{"-u2", "-d=1s", "x.js"}, {"-u", "2", "-d", "1s", "x.js"}},
      {{"-e=A=1"}, {"-e", "A=1"}},
      {{"-eA=1"}, {"-e", "A=1"}},
      {{"-eA=a\nb c"}, {"-e", "A=a\nb c"}},
      {{"-s1s:1"}, {"-s", "1s:1"}},
      {{"-o=json=x", "-ocsv=x.csv"}, {"-o", "json=x", "-o", "csv=x.csv"}},
      {{"-c=c.json", "-cc.json"}, {"-c", "c.json", "-c", "c.json"}},
      {{"-w=false", "-q=x"}, {"--throw=false", "--quiet=x"}},
      {{"-wq"}, {"--throw", "--quiet"}},
      {{"-wi1"}, {"--throw", "-i", "1"}},
      {{"-wi=1"}, {"--throw", "-i", "1"}},
      {{"-wq=false"}, {"--throw", "--quiet=false"}},
      {{"-wi", "1"}, {"--throw", "-i", "1"}},
      {{"-u="}, {"-u", "="}},
      {{"-u=="}, {"-u", "="}},
  };
  for (const auto& [given, wanted] : table) {
    EXPECT_EQ(with_short_flags_apart(run_flags(), given), wanted) << given.front();
  }
}

TEST(ShortFlags, OfWhatIsNoneStayAsTheyAre) {
  const Arguments table[]{
      {},
      {"-"},
      {"-u", "2"},
      {"-u", "-i=1"},
      {"-e", "--", "x.js"},
      {"--env", "-i=1"},
      {"--env=-i=1", "--throw", "x.js"},
      {"--unknown", "x.js"},
      {"-y=1"},
      {"-wy"},
      {"-w-"},
      {"-w="},
      {"-=1"},
      {"--", "-u=2"},
      {"-u"},
  };
  for (const Arguments& given : table) {
    EXPECT_EQ(with_short_flags_apart(run_flags(), given), given) << testing::PrintToString(given);
  }
}

}  // namespace
}  // namespace loader
