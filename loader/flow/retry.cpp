#include "loader/flow/retry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>

#include "shared/base/fields.h"

namespace loader {
namespace {

std::optional<double> parse_decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  // JavaScript's parseFloat, which the SDK uses, ignores what follows the number; so does this.
  return value;
}

// An IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7); the obsolete forms are not
// worth reading.
std::optional<lab::WallTime> parse_http_date(std::string_view text) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  std::tm tm{};
  in >> std::get_time(&tm, "%a, %d %b %Y %H:%M:%S GMT");
  if (in.fail()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(tm.tm_year + 1900),
                                         std::chrono::month(static_cast<unsigned>(tm.tm_mon + 1)),
                                         std::chrono::day(static_cast<unsigned>(tm.tm_mday))};
  // Nanoseconds in 64 bits end in 2262; a server's date is not worth an overflow.
  if (!date.ok() || date.year() < std::chrono::year(1970) ||
      date.year() > std::chrono::year(2200)) {
    return std::nullopt;
  }
  return lab::WallTime(std::chrono::sys_days(date)) + std::chrono::hours(tm.tm_hour) +
         std::chrono::minutes(tm.tm_min) + std::chrono::seconds(tm.tm_sec);
}

std::optional<lab::Duration> retry_after(const lab::HttpHeaders& headers, lab::WallTime wall_now) {
  if (const auto text = headers.find("retry-after-ms")) {
    if (const auto ms = parse_decimal(*text)) return lab::from_milliseconds(*ms);
  }
  const auto text = headers.find("retry-after");
  if (!text) return std::nullopt;
  if (const auto seconds = parse_decimal(*text)) return lab::from_seconds(*seconds);
  if (const auto date = parse_http_date(*text)) return *date - wall_now;
  return std::nullopt;
}

bool should_retry(const RetryPolicy& policy, const AttemptResult& result) {
  if (result.headers != nullptr) {
    // The server's own word comes first, as in the SDKs.
    const auto word = result.headers->find("x-should-retry");
    if (word == "true") return true;
    if (word == "false") return false;
  }
  if (result.status == 0) return policy.connection_errors;
  if (policy.server_errors && result.status >= 500) return true;
  return std::find(policy.statuses.begin(), policy.statuses.end(), result.status) !=
         policy.statuses.end();
}

lab::Duration backoff(const RetryPolicy& policy, std::uint32_t attempt, lab::Rng& rng) {
  // 2^20 halves of a second pass every sensible maximum, and the double cannot overflow.
  const double factor = std::exp2(std::min<std::uint32_t>(attempt - 1, 20));
  const double full =
      std::min(lab::to_seconds(policy.backoff_min) * factor, lab::to_seconds(policy.backoff_max));
  return lab::from_seconds(full * (1 - rng.uniform01() * policy.jitter));
}

}  // namespace

std::optional<lab::Duration> retry_delay(const RetryPolicy& policy, std::uint32_t attempt,
                                         const AttemptResult& result, lab::WallTime wall_now,
                                         lab::Rng& rng) {
  if (attempt >= policy.attempts || !should_retry(policy, result)) return std::nullopt;
  if (result.headers != nullptr) {
    if (const auto asked = retry_after(*result.headers, wall_now)) {
      if (*asked >= lab::Duration::zero() && *asked <= policy.retry_after_max) return asked;
      if (*asked > policy.retry_after_max && policy.give_up_on_long_retry_after)
        return std::nullopt;
    }
  }
  return backoff(policy, attempt, rng);
}

void fields(lab::Fields& f, RetryPolicy& c) {
  f("attempts", c.attempts, lab::between(1, 100), "In all.");
  f("backoff_min", c.backoff_min, "The first wait.");
  f("backoff_max", c.backoff_max, "The longest.");
  f("jitter", c.jitter, lab::between(0, 1), "Waits are shortened by up to this share.");
  f("retry_after_max", c.retry_after_max, "A longer Retry-After is not obeyed.");
  f("give_up_on_long_retry_after", c.give_up_on_long_retry_after, "Then no retry at all.");
  f("statuses", c.statuses, lab::between(100, 599), "That are sent again.");
  f("server_errors", c.server_errors, "And every status from 500 on.");
  f("connection_errors", c.connection_errors, "And time-outs.");
}

RetryPolicy read_retry(const lab::JsonValue& value) {
  RetryPolicy policy = RetryPolicy::asked_for();
  lab::read_fields(value, policy);
  return policy;
}

}  // namespace loader
