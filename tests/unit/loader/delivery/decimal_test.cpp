#include "loader/outputs/decimal.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include "shared/base/json_text.h"

namespace loader {
namespace {

std::string decimal(double value) {
  std::string text;
  append_decimal(text, value);
  return text;
}

std::string as_go(double value) {
  std::string text;
  append_decimal_as_go(text, value);
  return text;
}

std::string six_places(double value) {
  std::string text;
  append_six_places(text, value);
  return text;
}

std::string go_standard(double value) {
  std::string text;
  lab::append_json_number_as_go(text, value);
  return text;
}

std::string printed(double value) {
  std::array<char, 400> text{};
  return {text.data(),
          static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%f", value))};
}

std::string standard(double value) {
  std::array<char, 32> digits{};
  return {digits.begin(), std::to_chars(digits.begin(), digits.end(), value).ptr};
}

TEST(Decimal, IsTheShortestTextOfANumber) {
  struct Row {
    double value;
    std::string text;
  };
  for (const auto& [value, text] :
       {Row{0, "0"}, Row{-0.0, "-0"}, Row{1, "1"}, Row{20, "20"}, Row{99'999, "99999"},
        Row{100'000, "1e+05"}, Row{99'999.999999, "99999.999999"}, Row{0.001, "0.001"},
        Row{0.000999, "0.000999"}, Row{0.0001, "1e-04"}, Row{0.1, "0.1"}, Row{12.25, "12.25"},
        Row{1.000001, "1.000001"}, Row{1.0000001, "1.0000001"}, Row{-1.5, "-1.5"},
        Row{0.1 + 0.2, "0.30000000000000004"}}) {
    EXPECT_EQ(decimal(value), text);
    EXPECT_EQ(standard(value), text);
  }
}

TEST(Decimal, IsWhatTheStandardLibraryWrites) {
  std::mt19937_64 draws(1);
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t draw = draws();
    // Of a clock's nanoseconds, of each size; its neighbours, and any bits at all.
    const double milliseconds = static_cast<double>(draw >> (20 + i % 44)) / 1e6;
    const double above = std::nextafter(milliseconds, std::numeric_limits<double>::max());
    ASSERT_EQ(decimal(milliseconds), standard(milliseconds));
    ASSERT_EQ(decimal(above), standard(above));
    const double any = std::bit_cast<double>(draw);
    ASSERT_EQ(decimal(any), standard(any));
    for (const double value : {milliseconds, above, any}) {
      ASSERT_EQ(six_places(value), printed(value));
      if (!std::isfinite(value)) continue;
      ASSERT_EQ(as_go(value), go_standard(value));
    }
  }
}

TEST(Decimal, AsGoAndWithSixPlaces) {
  struct Row {
    double value;
    std::string as_go;
    std::string six_places;
  };
  for (const auto& row :
       {Row{0, "0", "0.000000"}, Row{-0.0, "-0", "-0.000000"}, Row{1, "1", "1.000000"},
        Row{100'000, "100000", "100000.000000"}, Row{0.0001, "0.0001", "0.000100"},
        Row{1e-6, "0.000001", "0.000001"}, Row{1e-7, "1e-07", "0.000000"},
        Row{12.25, "12.25", "12.250000"}, Row{1e9, "1000000000", "1000000000.000000"},
        Row{999'999'999.999999, "999999999.999999", "999999999.999999"},
        Row{-1.5, "-1.5", "-1.500000"}}) {
    EXPECT_EQ(as_go(row.value), row.as_go);
    EXPECT_EQ(six_places(row.value), row.six_places);
  }
}

TEST(Decimal, IsPutBehindWhatIsThere) {
  std::string text = "value=";
  append_decimal(text, 1.5);
  append_decimal(text, 1e300);
  EXPECT_EQ(text, "value=1.51e+300");
}

}  // namespace
}  // namespace loader
