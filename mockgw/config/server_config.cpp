#include "mockgw/config/server_config.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "mockgw/limits/choices.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using Status = HealthConfig::Status;
using Source = HealthConfig::Source;

constexpr Choices<Status, 4> kStatuses{{
    {"healthy", Status::healthy},
    {"degraded", Status::degraded},
    {"unhealthy", Status::unhealthy},
    {"unknown", Status::unknown},
}};
constexpr Choices<Source, 2> kSources{{{"static", Source::fixed}, {"breaker", Source::breaker}}};
constexpr Choices<TimeoutsConfig::ClientHeader, 3> kClientHeaders{{
    {"none", TimeoutsConfig::ClientHeader::none},
    {"x-litellm-timeout", TimeoutsConfig::ClientHeader::litellm},
    {"x-portkey-request-timeout", TimeoutsConfig::ClientHeader::portkey},
}};

std::optional<lab::Duration> read_optional(lab::JsonObject& object, std::string_view key,
                                           std::optional<lab::Duration> base) {
  const auto value = object.find(key);
  if (!value) return base;
  if (value->is_null()) return std::nullopt;
  return value->as_duration();
}

lab::Json write_optional(const std::optional<lab::Duration>& duration) {
  return duration ? lab::Json(lab::format_duration(*duration)) : lab::Json(nullptr);
}

}  // namespace

AuthConfig read_auth(const lab::JsonValue& value, AuthConfig base) {
  lab::JsonObject object = value.as_object();
  if (const auto v = object.find("keys")) {
    base.keys = v->as_string_array();
    base.required = !base.keys.empty();
  }
  base.required = object.boolean("required", base.required);
  object.finish();
  return base;
}

TimeoutsConfig read_timeouts(const lab::JsonValue& value, TimeoutsConfig base) {
  lab::JsonObject object = value.as_object();
  base.idle = object.duration("idle", base.idle);
  base.header = object.duration("header", base.header);
  base.body = object.duration("body", base.body);
  base.write = object.duration("write", base.write);
  base.drain = object.duration("drain", base.drain);
  base.request = read_optional(object, "request", base.request);
  base.ttft = read_optional(object, "ttft", base.ttft);
  base.stream_idle = read_optional(object, "stream_idle", base.stream_idle);
  base.client_header = choose(object, "client_header", kClientHeaders, base.client_header);
  object.finish();
  return base;
}

LimitsConfig read_limits(const lab::JsonValue& value, LimitsConfig base) {
  constexpr std::int64_t kMaxBodyBytes = std::int64_t{1} << 30;
  lab::JsonObject object = value.as_object();
  base.max_body_bytes = static_cast<std::uint64_t>(object.integer(
      "max_body_bytes", static_cast<std::int64_t>(base.max_body_bytes), 1, kMaxBodyBytes));
  base.max_header_bytes = static_cast<std::uint32_t>(
      object.integer("max_header_bytes", base.max_header_bytes, 256, 16 * 1024 * 1024));
  base.max_header_fields = static_cast<std::size_t>(object.integer(
      "max_header_fields", static_cast<std::int64_t>(base.max_header_fields), 1, 100000));
  base.max_connections = static_cast<std::size_t>(object.integer(
      "max_connections", static_cast<std::int64_t>(base.max_connections), 1, 1000000));
  base.max_answer_tokens = static_cast<std::uint64_t>(object.integer(
      "max_answer_tokens", static_cast<std::int64_t>(base.max_answer_tokens), 1, 256 * 1024));
  object.finish();
  return base;
}

HealthConfig read_health(const lab::JsonValue& value, HealthConfig base) {
  lab::JsonObject object = value.as_object();
  base.status = choose(object, "status", kStatuses, base.status);
  base.source = choose(object, "source", kSources, base.source);
  base.style = choose(object, "style", kHealthStyles, base.style);
  object.finish();
  return base;
}

namespace {

OperatorConfig read_page(lab::JsonObject& object, OperatorConfig base) {
  base.is_enabled = object.boolean("enabled", base.is_enabled);
  if (const auto path = object.find("path")) {
    const std::string text = path->as_string(base.path);
    const bool is_path = text.size() > 1 && text.starts_with('/') && !text.ends_with('/') &&
                         text.find_first_of("?# ") == std::string::npos;
    if (is_path) base.path = text;
    if (!is_path) path->problem(R"(takes a path that does not end in "/", such as "/metrics")");
  }
  return base;
}

// A name as the header Host has it, without a port.
std::string host_name_of(const lab::JsonValue& value) {
  std::string name = value.as_string("-");
  const bool is_name = !name.empty() && name.find_first_of(":/@[]* ") == std::string::npos;
  if (!is_name) value.problem("takes a host's name without a port, such as \"mockgw\"");
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name;
}

// The beginning of a metric's name, as Prometheus' data model has it.
bool is_metric_name(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
  };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_part);
}

}  // namespace

bool is_access_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

AdminConfig read_admin(const lab::JsonValue& value, AdminConfig base) {
  lab::JsonObject object = value.as_object();
  base.page = read_page(object, std::move(base.page));
  if (const auto hosts = object.find("hosts")) {
    base.hosts.clear();
    for (const lab::JsonValue& host : hosts->as_array()) {
      base.hosts.push_back(host_name_of(host));
    }
  }
  if (const auto token = object.find("token"); token && !token->is_null()) {
    base.token = token->as_string(base.token);
    if (!is_access_token(base.token)) token->problem("takes printable ASCII without spaces");
  }
  object.finish();
  return base;
}

MetricsConfig read_metrics(const lab::JsonValue& value, MetricsConfig base) {
  lab::JsonObject object = value.as_object();
  base.page = read_page(object, std::move(base.page));
  if (const auto prefix = object.find("prefix")) {
    base.prefix = prefix->is_null() ? std::string() : prefix->as_string(base.prefix);
    if (!prefix->is_null() && !is_metric_name(base.prefix)) {
      prefix->problem("takes letters, digits and _, such as \"llm_gateway_llm_gateway\", or null");
    }
  }
  base.fill_all = object.boolean("fill_all", base.fill_all);
  object.finish();
  return base;
}

lab::Json to_json(const AuthConfig& auth) {
  return lab::Json{{"keys", auth.keys}, {"required", auth.required}};
}

lab::Json to_json(const TimeoutsConfig& timeouts) {
  return lab::Json{{"idle", lab::format_duration(timeouts.idle)},
                   {"header", lab::format_duration(timeouts.header)},
                   {"body", lab::format_duration(timeouts.body)},
                   {"write", lab::format_duration(timeouts.write)},
                   {"drain", lab::format_duration(timeouts.drain)},
                   {"request", write_optional(timeouts.request)},
                   {"ttft", write_optional(timeouts.ttft)},
                   {"stream_idle", write_optional(timeouts.stream_idle)},
                   {"client_header", name_of(kClientHeaders, timeouts.client_header)}};
}

lab::Json to_json(const LimitsConfig& limits) {
  return lab::Json{{"max_body_bytes", limits.max_body_bytes},
                   {"max_header_bytes", limits.max_header_bytes},
                   {"max_header_fields", limits.max_header_fields},
                   {"max_connections", limits.max_connections},
                   {"max_answer_tokens", limits.max_answer_tokens}};
}

lab::Json to_json(const HealthConfig& health) {
  return lab::Json{{"status", name_of(kStatuses, health.status)},
                   {"source", name_of(kSources, health.source)},
                   {"style", name_of(kHealthStyles, health.style)}};
}

namespace {

lab::Json write_page(const OperatorConfig& config) {
  return lab::Json{{"enabled", config.is_enabled}, {"path", config.path}};
}

}  // namespace

lab::Json to_json(const AdminConfig& config) {
  lab::Json json = write_page(config.page);
  json["hosts"] = config.hosts;
  return json;
}

lab::Json to_json(const MetricsConfig& config) {
  lab::Json json = write_page(config.page);
  json["prefix"] = config.prefix.empty() ? lab::Json() : lab::Json(config.prefix);
  json["fill_all"] = config.fill_all;
  return json;
}

}  // namespace mockgw
