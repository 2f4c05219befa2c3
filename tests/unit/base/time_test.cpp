#include "shared/base/time.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, TakesGoDurationsAndDays) {
  EXPECT_EQ(parse_duration("1h2m3s").value(), 1h + 2min + 3s);
  EXPECT_EQ(parse_duration("500ms").value(), 500ms);
  EXPECT_EQ(parse_duration("1.5s").value(), 1500ms);
  EXPECT_EQ(parse_duration(".5s").value(), 500ms);
  EXPECT_EQ(parse_duration("1d12h").value(), 36h);
  EXPECT_EQ(parse_duration("7us").value(), 7us);
  EXPECT_EQ(parse_duration("7\u00b5s").value(), 7us);
  EXPECT_EQ(parse_duration("1m500ms").value(), 1min + 500ms);
  EXPECT_EQ(parse_duration("-1s").value(), -1s);
  EXPECT_EQ(parse_duration("0").value(), 0s);
}

TEST(ParseDuration, RefusesWhatGoRefuses) {
  for (const char* text :
       {"", "5", "s", "1x", "1h 2m", "1h2d", "-", "1..5s", "300000000000h", "ms"}) {
    EXPECT_TRUE(parse_duration(text).has_error()) << text;
  }
}

TEST(FormatDuration, PrintsAsGoDoes) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(30s), "30s");
  EXPECT_EQ(format_duration(5min), "5m0s");
  EXPECT_EQ(format_duration(2h), "2h0m0s");
  EXPECT_EQ(format_duration(1500ms), "1.5s");
  EXPECT_EQ(format_duration(250ms), "250ms");
  EXPECT_EQ(format_duration(1500us), "1.5ms");
  EXPECT_EQ(format_duration(12ns), "12ns");
  EXPECT_EQ(format_duration(-90s), "-1m30s");
}

TEST(FormatRfc3339, DropsTrailingZerosOfTheFraction) {
  const WallTime day = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  EXPECT_EQ(format_rfc3339(day), "2026-01-02T00:00:00Z");
  EXPECT_EQ(format_rfc3339(day + 3h + 4min + 5s + 250ms), "2026-01-02T03:04:05.25Z");
}

TEST(ParseRfc3339, ReadsWhatIsWritten) {
  const WallTime day = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  for (const WallTime time : {day, day + 3h + 4min + 5s + 250ms, day + 1ns, day - 1ns}) {
    EXPECT_EQ(parse_rfc3339(format_rfc3339(time)).value(), time);
  }
  EXPECT_EQ(parse_rfc3339("2026-01-02T01:00:00+01:00").value(), day);
  EXPECT_EQ(parse_rfc3339("2026-01-01T18:30:00.5-05:30").value(), day + 500ms);
  EXPECT_EQ(parse_rfc3339("2026-01-02t00:00:00z").value(), day);
  EXPECT_EQ(parse_rfc3339("2028-02-29T00:00:00Z").value(),
            WallTime(std::chrono::sys_days(std::chrono::year(2028) / 2 / 29)));
}

TEST(ParseRfc3339, RefusesWhatIsNoTime) {
  for (const char* const text :
       {"", "now", "2026-01-02", "2026-01-02T00:00:00", "2026-01-02T00:00:00Zx",
        "2026-13-02T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-02T24:00:00Z",
        "2026-01-02T00:60:00Z", "2026-01-02T00:00:60Z", "2026-01-02T00:00:00.Z",
        "2026-01-02T00:00:00+24:00", "2026-01-02T00:00:00+0100", "1999-12-31T00:00:00Z",
        "2200-01-01T00:00:00Z", "2026-1-2T0:0:0Z", "-026-01-02T00:00:00Z",
        "2026-01-02T00:00:00.1234567890Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
  EXPECT_EQ(parse_rfc3339("now").error().what,
            "\"now\" is no time; write it as 2026-01-31T12:00:00Z, or with an offset instead of Z: "
            "2026-01-31T13:00:00+01:00");
}

TEST(FromSeconds, SaturatesAndRounds) {
  EXPECT_EQ(from_seconds(1.5), 1500ms);
  EXPECT_EQ(from_seconds(1e300), Duration::max());
  EXPECT_EQ(from_seconds(-1e300), Duration::min());
  EXPECT_EQ(from_seconds(0.4e-9), Duration::zero());
  // Half away from zero.
  EXPECT_EQ(from_seconds(0.5e-9), 1ns);
  EXPECT_EQ(from_seconds(2.5e-9), 3ns);
  EXPECT_EQ(from_seconds(-0.5e-9), -1ns);
  EXPECT_EQ(from_seconds(-2.4e-9), -2ns);
}

}  // namespace
}  // namespace lab
