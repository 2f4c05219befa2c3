#include "loader/summary/summary_format.h"

#include <gtest/gtest.h>

#include <limits>

namespace loader {
namespace {

TEST(SummaryFormat, WritesDurationsLikeK6) {
  const auto format = [](double ms) { return format_milliseconds(ms, {"", Rounding::truncated}); };
  EXPECT_EQ(format(0), "0s");
  EXPECT_EQ(format(0.00035), "350ns");
  EXPECT_EQ(format(0.0123456), "12.34µs");
  EXPECT_EQ(format(148.219), "148.21ms");
  EXPECT_EQ(format(5), "5ms");
  EXPECT_EQ(format(1239), "1.23s");
  EXPECT_EQ(format(60'000), "1m0s");
  EXPECT_EQ(format(90'500), "1m30s");
  EXPECT_EQ(format(7'265'000), "2h1m5s");
  EXPECT_EQ(format(-1500), "-1.5s");
}

TEST(SummaryFormat, WritesWhatIsBeyondAllNumbersLikeGo) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  for (const ValueKind kind : {ValueKind::plain, ValueKind::time, ValueKind::data}) {
    EXPECT_EQ(format_value(kInfinite, kind, {"", Rounding::nearest}), "+Inf");
    EXPECT_EQ(format_value(-kInfinite, kind, {"", Rounding::nearest}), "-Inf");
  }
  for (const char* const unit : {"", "s", "ms", "us"}) {
    EXPECT_EQ(format_milliseconds(kInfinite, {unit, Rounding::nearest}), "+Inf");
  }
  EXPECT_EQ(format_milliseconds(1.7e308, {"us", Rounding::nearest}), "+Inf");
  EXPECT_EQ(format_share(kInfinite, Rounding::nearest), "+Inf");
  EXPECT_EQ(format_short(kInfinite), "+Inf");
  // Beyond 2^64 nanoseconds, of which Go makes a negative time.
  EXPECT_EQ(format_milliseconds(3.6e18, {"", Rounding::nearest}), "1000000000000h0m0s");
}

TEST(SummaryFormat, RoundsDurationsInReports) {
  const auto format = [](double ms) { return format_milliseconds(ms, ""); };
  EXPECT_EQ(format(0), "0s");
  EXPECT_EQ(format(0.0003506), "351ns");
  EXPECT_EQ(format(0.0009996), "1µs");
  EXPECT_EQ(format(0.0123456), "12.35µs");
  EXPECT_EQ(format(148.219), "148.22ms");
  EXPECT_EQ(format(999.996), "1s");
  EXPECT_EQ(format(1239), "1.24s");
  EXPECT_EQ(format(59'996), "1m0s");
  EXPECT_EQ(format(1'501'780), "25m2s");
  EXPECT_EQ(format(3'599'700), "1h0m0s");
  EXPECT_EQ(format(-1239), "-1.24s");
}

TEST(SummaryFormat, KeepsToAUnitWhenAsked) {
  EXPECT_EQ(format_milliseconds(1239, "s"), "1.24s");
  EXPECT_EQ(format_milliseconds(1239, "ms"), "1239.00ms");
  EXPECT_EQ(format_milliseconds(1.5, "us"), "1500.00µs");
}

TEST(SummaryFormat, WritesBytesInDecimalUnits) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(7.25), "7.25 B");
  EXPECT_EQ(format_bytes(718), "718 B");
  EXPECT_EQ(format_bytes(1000), "1.0 kB");
  EXPECT_EQ(format_bytes(4'940), "4.9 kB");
  EXPECT_EQ(format_bytes(76'400), "76 kB");
  EXPECT_EQ(format_bytes(2.5e9), "2.5 GB");
}

TEST(SummaryFormat, RoundsSharesButToNoWhole) {
  EXPECT_EQ(format_share(0), "0.00%");
  EXPECT_EQ(format_share(0.99999), "99.99%");
  EXPECT_EQ(format_share(1), "100.00%");
  EXPECT_EQ(format_share(0.979055), "97.91%");
  EXPECT_EQ(format_share(0.979055, Rounding::truncated), "97.90%");
}

TEST(SummaryFormat, DropsTrailingZeros) {
  EXPECT_EQ(format_plain(13.12217940), "13.122179");
  EXPECT_EQ(format_plain(45), "45");
  EXPECT_EQ(format_plain(-0.0000001), "0");
  EXPECT_EQ(format_plain(100), "100");
}

TEST(SummaryFormat, CountsAndCleansText) {
  EXPECT_EQ(text_width("12µs ✓"), 6u);
  EXPECT_EQ(printable("a\x1b[2Jb\n✓"), "a?[2Jb ✓");
  // What would turn the direction of the text around it; text that runs from right to left may.
  EXPECT_EQ(printable("a\u202eb\u2066c\u200fשלום"), "a???b???c\u200fשלום");
}

}  // namespace
}  // namespace loader
