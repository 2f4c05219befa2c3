#include "mockgw/profiles/rate_limit_headers.h"

#include <algorithm>
#include <array>
#include <map>

namespace mockgw {
namespace {

using lab::Duration;
using namespace std::chrono_literals;
using Options = RateLimitHeaderOptions;

struct WindowName {
  Duration length;
  std::string_view short_name;  // In messages: "per min".
  std::string_view long_name;   // In Kong's headers: "-minute".
  char letter;                  // "TPM".
};
constexpr std::array<WindowName, 4> kWindowNames{{
    {1s, "sec", "second", 'S'},
    {1min, "min", "minute", 'M'},
    {1h, "hour", "hour", 'H'},
    {24h, "day", "day", 'D'},
}};

const WindowName* window_name(Duration window) {
  for (const WindowName& name : kWindowNames) {
    if (name.length == window) return &name;
  }
  return nullptr;
}

std::string ceil_seconds(Duration d) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(d).count());
}

// Go's spelling, to the millisecond: never "0s" while there is something to wait for.
std::string duration_text(Duration d) {
  return lab::format_duration(std::chrono::ceil<std::chrono::milliseconds>(d));
}

std::string unix_text(lab::WallTime t) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(t.time_since_epoch()).count());
}

std::string reset_text(const RateLimitReading& reading, Options::Reset reset,
                       lab::WallTime wall_now) {
  switch (reset) {
    case Options::Reset::constant:
      return ceil_seconds(reading.window);
    case Options::Reset::delta_seconds:
      return ceil_seconds(reading.reset_in);
    case Options::Reset::duration_string:
      return duration_text(reading.reset_in);
    case Options::Reset::unix_time:
      return unix_text(wall_now + reading.reset_in);
  }
  return {};
}

class Writer {
 public:
  Writer(Options::Reset reset, lab::WallTime wall_now) : reset_(reset), wall_now_(wall_now) {}

  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  // prefix-limit, prefix-remaining, prefix-reset, each with the suffix.
  void add_three(std::string_view prefix, std::string_view suffix,
                 const RateLimitReading& reading) {
    add_two(prefix, suffix, reading);
    add(named(prefix, "-reset", suffix), reset_text(reading, reset_, wall_now_));
  }
  void add_two(std::string_view prefix, std::string_view suffix, const RateLimitReading& reading) {
    add(named(prefix, "-limit", suffix), std::to_string(reading.limit));
    add(named(prefix, "-remaining", suffix), std::to_string(reading.remaining));
  }
  [[nodiscard]] HeaderFields take() { return std::move(fields_); }

 private:
  static std::string named(std::string_view prefix, std::string_view what,
                           std::string_view suffix) {
    std::string name(prefix);
    name += what;
    name += suffix;
    return name;
  }

  Options::Reset reset_;
  lab::WallTime wall_now_;
  HeaderFields fields_;
};

std::string_view scope_name(RateLimitRule::KeyPart part) {
  switch (part) {
    case RateLimitRule::KeyPart::api_key:
      return "api_key";
    case RateLimitRule::KeyPart::model:
      return "model";
    case RateLimitRule::KeyPart::tenant:
      return "tenant";
    case RateLimitRule::KeyPart::user:
      return "user";
    case RateLimitRule::KeyPart::ip:
      return "ip";
    case RateLimitRule::KeyPart::global:
      return "global";
  }
  return {};
}

// Kong's plugin has the windows second, minute, hour, day, month and year; the last two are of 30
// and 365 days in its counters.
std::string kong_window(Duration window) {
  if (const WindowName* const name = window_name(window)) return std::string(name->long_name);
  if (window == 30 * 24h) return "month";
  if (window == 365 * 24h) return "year";
  return duration_text(window);
}

// Of each window the strictest limit, the shortest window first.
void add_windows(const std::vector<RuleReading>& readings, bool of_tokens, Writer& out) {
  const auto kind = of_tokens ? RuleReading::Kind::tokens : RuleReading::Kind::requests;
  std::map<Duration, RateLimitReading> by_window;
  for (const RuleReading& each : readings) {
    if (each.kind != kind) continue;
    const auto [kept, is_new] = by_window.try_emplace(each.reading.window, each.reading);
    if (!is_new && each.reading.remaining < kept->second.remaining) kept->second = each.reading;
  }
  for (const auto& [window, reading] : by_window) {
    out.add_two("x-ratelimit", "-" + kong_window(window), reading);
  }
}

// LiteLLM's name for whose limit it is.
std::string litellm_scope(const std::vector<RateLimitRule::KeyPart>& key_by) {
  using Part = RateLimitRule::KeyPart;
  if (key_by == std::vector{Part::api_key, Part::model}) return "model_per_key";
  std::string scope;
  for (const Part part : key_by) {
    if (!scope.empty()) scope += '_';
    scope += scope_name(part);
  }
  return scope;
}

std::string_view kind_name(RuleReading::Kind kind) {
  switch (kind) {
    case RuleReading::Kind::requests:
      return "-requests";
    case RuleReading::Kind::tokens:
      return "-tokens";
    case RuleReading::Kind::max_parallel:
      return "-max_parallel_requests";
  }
  return {};
}

// Of each scope and kind the strictest limit, in the order of the rules.
void add_scopes(const std::vector<RuleReading>& readings, Writer& out) {
  std::vector<std::pair<std::string, RuleReading>> kept;
  for (const RuleReading& each : readings) {
    const std::string scope = litellm_scope(each.rule->key_by);
    const auto same = std::ranges::find_if(kept, [&](const auto& other) {
      return other.first == scope && other.second.kind == each.kind;
    });
    if (same == kept.end()) {
      kept.emplace_back(scope, each);
    } else if (each.reading.remaining < same->second.reading.remaining) {
      same->second = each;
    }
  }
  for (const auto& [scope, each] : kept) {
    out.add_two("x-ratelimit-" + scope, kind_name(each.kind), each.reading);
  }
}

void add_limits(const RateLimitDecision& decision, Options::Style style, Writer& out) {
  // Styles with one set of values speak of requests, or of tokens when only those are limited or
  // exhausted.
  const bool prefers_tokens = decision.refusal && decision.refusal->is_tokens;
  const auto& first = prefers_tokens ? decision.tokens : decision.requests;
  const auto& one = first ? first : (prefers_tokens ? decision.requests : decision.tokens);
  switch (style) {
    case Options::Style::none:
      return;
    case Options::Style::single:
      if (one) out.add_three("x-ratelimit", "", *one);
      return;
    case Options::Style::single_with_tokens:
      if (decision.requests) out.add_three("x-ratelimit", "", *decision.requests);
      if (decision.tokens) out.add_two("x-ratelimit", "-tokens", *decision.tokens);
      return;
    case Options::Style::openai:
      if (decision.requests) out.add_three("x-ratelimit", "-requests", *decision.requests);
      if (decision.tokens) out.add_three("x-ratelimit", "-tokens", *decision.tokens);
      return;
    case Options::Style::ietf_draft:
      if (one) out.add_three("ratelimit", "", *one);
      return;
    case Options::Style::kong:
      if (!one) return;
      out.add_three("ratelimit", "", *one);
      add_windows(decision.readings, first ? prefers_tokens : !prefers_tokens, out);
      return;
    case Options::Style::litellm:
      // Its 429 says what was exceeded in headers of its own, which are the profile's.
      if (decision.refusal) return;
      if (decision.requests) out.add_three("x-ratelimit", "-requests", *decision.requests);
      if (decision.tokens) out.add_three("x-ratelimit", "-tokens", *decision.tokens);
      add_scopes(decision.readings, out);
      return;
  }
}

void add_retry_after(const RateLimitRefusal& refusal, Options::RetryAfter style, Writer& out) {
  // A wait cannot help a request that is larger than its limit (openapi: the header may be omitted
  // then).
  if (refusal.condition == ErrorCondition::rate_limited_too_large) return;
  if (style == Options::RetryAfter::window) {
    out.add("retry-after", ceil_seconds(refusal.reading.window));
    return;
  }
  if (!refusal.retry_in || style == Options::RetryAfter::none) return;
  if (style == Options::RetryAfter::floor) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(*refusal.retry_in);
    out.add("retry-after", std::to_string(whole.count()));
    return;
  }
  out.add("retry-after", ceil_seconds(*refusal.retry_in));
  if (style == Options::RetryAfter::ms) {
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(*refusal.retry_in);
    out.add("retry-after-ms", std::to_string(whole.count()));
  }
}

std::string_view kind_name(const RateLimitRefusal& refusal) {
  if (refusal.condition == ErrorCondition::concurrency_limited) return "max_parallel_requests";
  return refusal.is_tokens ? "tokens" : "requests";
}

}  // namespace

HeaderFields rate_limit_headers(const RateLimitDecision& decision, const Options& options,
                                lab::WallTime wall_now) {
  if (decision.is_admitted() && !options.on_success) return {};
  Writer out(options.reset, wall_now);
  add_limits(decision, options.style, out);
  if (decision.refusal) add_retry_after(*decision.refusal, options.retry_after, out);
  return out.take();
}

void describe_refusal(const RateLimitRefusal& refusal, const Options& options,
                      lab::WallTime wall_now, PlaceholderValues& values) {
  const RateLimitReading& reading = refusal.reading;
  values.set(Placeholder::limit, std::to_string(reading.limit));
  values.set(Placeholder::used, std::to_string(reading.used));
  values.set(Placeholder::requested, std::to_string(refusal.requested));
  values.set(Placeholder::remaining, std::to_string(reading.remaining));
  values.set(Placeholder::limit_unit, limit_unit(refusal.is_tokens, reading.window));
  values.set(Placeholder::limit_kind, std::string(kind_name(refusal)));
  values.set(Placeholder::limit_scope, std::string(scope_name(refusal.scope)));
  values.set(
      Placeholder::reset_at,
      lab::format_rfc3339(std::chrono::ceil<std::chrono::seconds>(wall_now + reading.reset_in)));
  if (!refusal.retry_in) return;
  const auto seconds = options.retry_after == Options::RetryAfter::floor
                           ? std::chrono::floor<std::chrono::seconds>(*refusal.retry_in)
                           : std::chrono::ceil<std::chrono::seconds>(*refusal.retry_in);
  values.set(Placeholder::retry_after_seconds, std::to_string(seconds.count()));
  values.set(Placeholder::retry_after_text, duration_text(*refusal.retry_in));
}

std::string limit_unit(bool is_tokens, Duration window) {
  const std::string kind = is_tokens ? "tokens" : "requests";
  const WindowName* const name = window_name(window);
  if (name == nullptr) return kind + " per " + lab::format_duration(window);
  const std::string letters{is_tokens ? 'T' : 'R', 'P', name->letter};
  return kind + " per " + std::string(name->short_name) + " (" + letters + ")";
}

}  // namespace mockgw
