#include "mockgw/limits/retry_policy.h"

#include <algorithm>
#include <charconv>
#include <cmath>

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

lab::Duration read_delay(lab::JsonObject& object, std::string_view key, lab::Duration fallback) {
  const auto value = object.find(key);
  if (!value) return fallback;
  const lab::Duration delay = value->as_duration();
  if (delay > RetryConfig::kDelayMax) value->problem("must be at most 1h");
  return delay;
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

RetryConfig read_retries(const lab::JsonValue& section) {
  lab::JsonObject object = section.as_object();
  RetryConfig config;
  config.max = object.integer("max", RetryConfig::kCountOfSection, 0, RetryConfig::kCountMax);
  config.base = read_delay(object, "base", config.base);
  config.multiplier = object.number("multiplier", config.multiplier, 1, kRetryMultiplierMax);
  config.jitter = object.number("jitter", config.jitter, 0, 1);
  config.max_delay = read_delay(object, "max_delay", config.max_delay);
  config.statuses = read_status_patterns(object, "statuses", std::move(config.statuses));
  config.streams = object.boolean("streams", config.streams);
  config.honour_retry_after = object.boolean("honour_retry_after", config.honour_retry_after);
  object.finish();
  return config;
}

lab::Json to_json(const RetryConfig& config) {
  return {{"max", config.max},
          {"base", lab::format_duration(config.base)},
          {"multiplier", config.multiplier},
          {"jitter", config.jitter},
          {"max_delay", lab::format_duration(config.max_delay)},
          {"statuses", to_json(config.statuses)},
          {"streams", config.streams},
          {"honour_retry_after", config.honour_retry_after}};
}

}  // namespace mockgw
