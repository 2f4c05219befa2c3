#include "mockgw/config/retry_policy.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr double kRetryMultiplierMax = 100;
// Portkey gives up rather than wait for so long (its globals.ts, MAX_RETRY_LIMIT_MS).
constexpr std::int64_t kRetryAfterSecondsMax = 60;

// Nothing for a header that is a date: the back-off holds then.
std::optional<std::int64_t> seconds_of(std::string_view retry_after) {
  std::int64_t seconds = 0;
  const char* const end = retry_after.data() + retry_after.size();
  const auto [stop, error] = std::from_chars(retry_after.data(), end, seconds);
  if (error != std::errc() || stop != end || seconds < 0) return std::nullopt;
  return seconds;
}

lab::Duration backoff(const RetryConfig& config, std::int64_t retry, lab::Rng rng) {
  const double grown =
      lab::to_seconds(config.base) * std::pow(config.multiplier, static_cast<double>(retry - 1));
  const double wait = std::min(grown, lab::to_seconds(config.max_delay));
  if (config.jitter <= 0) return lab::from_seconds(wait);
  return lab::from_seconds(wait * (1 + config.jitter * (2 * rng.uniform01() - 1)));
}

void check_delay(const lab::JsonValue& section, std::string_view key, lab::Duration delay) {
  if (delay <= RetryConfig::kDelayMax) return;
  lab::JsonObject object = section.as_object();
  if (const auto value = object.find(key)) value->problem("must be at most 1h");
}

}  // namespace

std::optional<unsigned> status_of(const CallOutcome& outcome) {
  switch (outcome.kind) {
    case CallOutcome::Kind::response:
      return outcome.status;
    case CallOutcome::Kind::timeout:
      return 504;
    case CallOutcome::Kind::connect:
      return 502;
    case CallOutcome::Kind::rejected:
    case CallOutcome::Kind::broken:
    case CallOutcome::Kind::cancelled:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<lab::Duration> wait_before_retry(const RetryConfig& config, std::int64_t retry,
                                               const CallOutcome& outcome,
                                               std::string_view retry_after, const lab::Rng& rng) {
  if (retry > config.max) return std::nullopt;
  const auto status = status_of(outcome);
  if (!status || !matches(config.statuses, *status)) return std::nullopt;
  if (config.honour_retry_after) {
    if (const auto seconds = seconds_of(retry_after)) {
      if (*seconds >= kRetryAfterSecondsMax) return std::nullopt;
      return std::chrono::seconds(*seconds);
    }
  }
  return backoff(config, retry, rng.child("retry-wait"));
}

void fields(lab::Fields& f, RetryConfig& c) {
  f("max", c.max, lab::between(0, RetryConfig::kCountMax),
    lab::Says("After the first attempt; 0 for none.").by_default("3 where the section is given"));
  f("base", c.base, "The wait before the first retry; at most 1h.");
  f("multiplier", c.multiplier, lab::between(1, kRetryMultiplierMax),
    "Each wait is so many times the last.");
  f("jitter", c.jitter, lab::between(0, 1), "0.25 is up to 25 % shorter or longer.");
  f("max_delay", c.max_delay, "The longest wait, before jitter; at most 1h.");
  f("statuses", c.statuses, kStatusPatterns,
    "Of the upstream. A time-out counts as 504, a refused or reset connection as 502.");
  f("streams", c.streams, "Streams too, until something of the model's is sent.");
  f("honour_retry_after", c.honour_retry_after,
    "An upstream's retry-after takes the place of the wait; of a minute or more, it is not "
    "retried.");
}

void check(const lab::JsonValue& section, RetryConfig& c) {
  check_delay(section, "base", c.base);
  check_delay(section, "max_delay", c.max_delay);
}

RetryConfig read_retries(const lab::JsonValue& section) {
  RetryConfig config;
  config.max = RetryConfig::kCountOfSection;
  lab::read_fields(section, config);
  return config;
}

lab::Json to_json(const RetryConfig& config) { return lab::write_fields(config); }

}  // namespace mockgw
