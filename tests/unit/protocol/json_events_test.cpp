#include "shared/protocol/json_events.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lab {
namespace {

// Of a text that is one number.
struct NumberReader {
  void begin_object() {}
  void end_object() {}
  void begin_array() {}
  void end_array() {}
  void key(std::string_view) {}
  void string(std::string_view) {}
  void integer(std::int64_t) {}
  void real(double value) { number = value; }
  void boolean(bool) {}
  void null() {}

  std::optional<double> number{};
};

TEST(JsonEvents, EveryNumberIsFinite) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  const std::pair<std::string_view, double> cases[] = {
      {"1e999", kLargest},
      {"-1e400", -kLargest},
      {"1e-999", 0},
      {"18446744073709551616", 0x1.0p64},
      // Boost.JSON makes no number of them.
      {"0e999", 0},
      {"-0.0E+400", 0},
      {"0.000e309", 0},
  };
  for (const auto& [json, expected] : cases) {
    NumberReader reader;
    EXPECT_TRUE(read_json(json, 1, reader).ok) << json;
    EXPECT_EQ(reader.number, expected) << json;
  }
}

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
      {{}, {}},  // Not even a place.
  };
  for (const auto& [json, expected] : cases) {
    std::string repaired;
    EXPECT_EQ(with_whole_surrogates(json, repaired), expected) << json;
    EXPECT_EQ(repaired.empty(), json == expected) << json;
  }
}

}  // namespace
}  // namespace lab
