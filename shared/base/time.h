// Time as values: the clock-free types that every decision takes, and the text forms users write.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace lab {

/// Every duration of the project; nanoseconds hold ±292 years.
using Duration = std::chrono::nanoseconds;

/// A monotonic clock without `now()`: only a Runtime can tell the time, so code that needs it must
/// be given it.
struct Clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock, duration>;
  static constexpr bool is_steady = true;
};

/// An instant of a run. The origin is the Runtime's own (real: the steady clock's; simulated: the
/// run's start).
using TimePoint = Clock::time_point;

/// "Never", for deadlines.
inline constexpr TimePoint kNoDeadline = TimePoint::max();

/// `t + d`, but "never" instead of an overflow into the past.
[[nodiscard]] constexpr TimePoint later(TimePoint t, Duration d) {
  if (d > Duration::zero() && t > kNoDeadline - d) return kNoDeadline;
  return t + d;
}

/// UTC wall-clock time, for what is written into files only; nothing is ever decided by it.
using WallTime = std::chrono::sys_time<Duration>;

[[nodiscard]] constexpr double to_milliseconds(Duration d) {
  return static_cast<double>(d.count()) / 1e6;
}
[[nodiscard]] constexpr double to_seconds(Duration d) {
  return static_cast<double>(d.count()) / 1e9;
}
/// Rounds to the nearest nanosecond; saturates instead of overflowing, and takes NaN as zero.
[[nodiscard]] Duration from_seconds(double seconds);
[[nodiscard]] inline Duration from_milliseconds(double ms) { return from_seconds(ms / 1e3); }

/// Parses a duration as k6 does (lib/types/types.go ParseExtendedDuration): Go's "1h2m3.5s",
/// "250ms", "1µs", with an optional leading day count "1d12h". A bare number is an error except
/// "0". Negative values parse; ranges are the caller's business. The error says what is allowed.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

/// Go's time.Duration.String(): "1h2m0s", "5m0s", "250ms", "1.5s", "0s".
[[nodiscard]] std::string format_duration(Duration d);

/// RFC 3339 in UTC with as many fractional digits as needed, up to nine (Go's RFC3339Nano):
/// "2026-01-01T00:00:00.25Z".
[[nodiscard]] std::string format_rfc3339(WallTime t);
/// The instant that an RFC 3339 text names, "2026-01-01T12:00:00Z" or with an offset
/// ("…T13:00:00.5+01:00"); fractions of up to nine digits, years 2000 to 2199. The Error says what
/// is allowed.
[[nodiscard]] Result<WallTime> parse_rfc3339(std::string_view text);

}  // namespace lab
