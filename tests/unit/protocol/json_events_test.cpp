#include "shared/protocol/json_events.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

TEST(JsonEvents, HalfOfASurrogatePairIsReplacedAndNothingElse) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"("\ud83d\ude00")", R"("\ud83d\ude00")"},
      {R"("\uD83D\uDE00 x")", R"("\uD83D\uDE00 x")"},
      {R"("\ud83d")", R"("\ufffd")"},
      {R"("\ude00")", R"("\ufffd")"},
      {R"("\ude00\ud83d")", R"("\ufffd\ufffd")"},
      {R"("\ud83d\ud83d\ude00")", R"("\ufffd\ud83d\ude00")"},
      {R"("\ud83d\n")", R"("\ufffd\n")"},
      {R"("\\ud83d")", R"("\\ud83d")"},
      {R"("\\\ud83d")", R"("\\\ufffd")"},
      {R"("\u00e9 \ud7ff \ue000")", R"("\u00e9 \ud7ff \ue000")"},
      {R"("\ud83)", R"("\ud83)"},
      {R"("\)", R"("\)"},
      {"", ""},
  };
  for (const auto& [json, expected] : cases) {
    std::string repaired;
    EXPECT_EQ(with_whole_surrogates(json, repaired), expected) << json;
    EXPECT_EQ(repaired.empty(), json == expected) << json;
  }
}

}  // namespace
}  // namespace lab
