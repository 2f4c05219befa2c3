// The file form of fault rules.
#include <algorithm>
#include <array>
#include <span>

#include "mockgw/faults/fault_rules.h"
#include "mockgw/limits/header_text.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using Kind = FaultKind;

constexpr auto kKinds = std::to_array<std::pair<std::string_view, Kind>>(
    {{"status", Kind::status},
     {"error", Kind::error},
     {"latency", Kind::latency},
     {"slow_headers", Kind::slow_headers},
     {"abort_before_headers", Kind::abort_before_headers},
     {"reset_mid_stream", Kind::reset_mid_stream},
     {"stream_error_event", Kind::stream_error_event},
     {"truncate_no_done", Kind::truncate_no_done},
     {"stall", Kind::stall},
     {"malformed_chunk", Kind::malformed_chunk},
     {"duplicate_chunk", Kind::duplicate_chunk},
     {"empty_content", Kind::empty_content},
     {"missing_usage", Kind::missing_usage},
     {"wrong_content_type", Kind::wrong_content_type},
     {"crlf_framing", Kind::crlf_framing},
     {"data_no_space", Kind::data_no_space},
     {"split_utf8", Kind::split_utf8},
     {"keepalive_only", Kind::keepalive_only}});

// All but what comes after the head of a stream: for that there is the kind stream_error_event.
static_assert(kConditions.back().second == Condition::stream_error);
constexpr auto kCausable = std::span(kConditions).first(kConditionCount - 1);

constexpr bool takes_delay(Kind kind) {
  return kind == Kind::latency || kind == Kind::slow_headers;
}
constexpr bool takes_duration(Kind kind) {
  return kind == Kind::stall || kind == Kind::keepalive_only;
}
constexpr bool takes_after_tokens(Kind kind) {
  return kind == Kind::reset_mid_stream || kind == Kind::stream_error_event ||
         kind == Kind::truncate_no_done || kind == Kind::stall || kind == Kind::malformed_chunk ||
         kind == Kind::duplicate_chunk;
}

constexpr bool takes_headers(Kind kind) { return kind == Kind::status || kind == Kind::error; }
constexpr bool takes_message(Kind kind) {
  return takes_headers(kind) || kind == Kind::stream_error_event;
}

// What has no meaning for an answer without tokens.
constexpr bool is_about_chat(Kind kind) {
  return takes_duration(kind) || (takes_after_tokens(kind) && kind != Kind::reset_mid_stream) ||
         kind == Kind::empty_content || kind == Kind::missing_usage || kind == Kind::crlf_framing ||
         kind == Kind::data_no_space || kind == Kind::split_utf8;
}

constexpr std::string_view kChatPath = "/v1/chat/completions";

// RFC 9110, 15.3.5 and 15.4.5
constexpr bool may_have_body(unsigned status) { return status != 204 && status != 304; }

std::vector<std::pair<std::string, std::string>> read_headers(const lab::JsonValue& value) {
  std::vector<std::pair<std::string, std::string>> headers;
  lab::JsonObject object = value.as_object();
  for (const auto& [name, member] : object.members())
    headers.emplace_back(name, member.as_string());
  object.finish();
  return headers;
}

std::string checked_header_value(const lab::JsonValue& value, std::string text) {
  std::string problem = header_value_problem(text);
  if (!problem.empty()) value.problem(std::move(problem));
  return text;
}

std::vector<std::pair<std::string, std::string>> read_answer_headers(const lab::JsonValue& value) {
  auto headers = read_headers(value);
  for (const auto& [name, text] : headers) {
    std::string problem = header_problem(name, text);
    if (!problem.empty()) value.problem(std::move(problem));
  }
  return headers;
}

lab::Json headers_json(const std::vector<std::pair<std::string, std::string>>& headers) {
  lab::Json json = lab::Json::object();
  for (const auto& [name, value] : headers) json[name] = value;
  return json;
}

std::string read_retry_after(const lab::JsonValue& value) {
  // Whole seconds may be written as a number; any other value of the header (a date, nonsense) as a
  // string.
  if (value.json().is_number()) return std::to_string(value.as_integer(0));
  return checked_header_value(value, value.as_string());
}

void read_status(lab::JsonObject& object, Fault& fault) {
  fault.status = static_cast<unsigned>(object.require("status").as_integer(200, 599, 500));
  if (const auto body = object.find("body")) {
    fault.body = body->json().is_string() ? body->as_string() : body->json().dump();
    if (!may_have_body(fault.status) && !fault.body->empty()) {
      body->problem("an answer with status " + std::to_string(fault.status) + " has no body");
    }
  }
  if (!may_have_body(fault.status)) fault.body.emplace();
}

void read_headers_of(lab::JsonObject& object, Fault& fault) {
  if (const auto v = object.find("retry_after")) fault.retry_after = read_retry_after(*v);
  if (const auto v = object.find("headers")) fault.headers = read_answer_headers(*v);
}

Fault read_fault(const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  Fault fault;
  fault.kind = object.require("kind").as_enum<Kind>(kKinds, Kind::status);
  if (fault.kind == Kind::status) read_status(object, fault);
  if (fault.kind == Kind::error) {
    fault.condition = object.require("condition").as_enum<Condition>(kCausable, fault.condition);
  }
  if (takes_headers(fault.kind)) read_headers_of(object, fault);
  if (takes_message(fault.kind)) fault.message = object.string("message", fault.message);
  if (takes_delay(fault.kind)) {
    fault.delay = lab::read_duration_distribution(object.require("delay"));
  }
  if (takes_duration(fault.kind)) fault.duration = object.duration("duration", fault.duration);
  if (takes_after_tokens(fault.kind)) {
    fault.after_tokens = static_cast<std::uint64_t>(object.integer("after_tokens", 1, 0, 1000000));
  }
  if (fault.kind == Kind::wrong_content_type) {
    if (const auto type = object.find("content_type")) {
      fault.content_type = checked_header_value(*type, type->as_string(fault.content_type));
    }
  }
  object.finish();
  return fault;
}

std::optional<std::string> optional_string(lab::JsonObject& object, std::string_view key) {
  const auto value = object.find(key);
  return value ? std::optional(value->as_string()) : std::nullopt;
}

std::string read_path(const lab::JsonValue& value) {
  std::string path = value.as_string();
  const bool is_path = path == "*" || path.starts_with('/');
  if (value.json().is_string() && !is_path) {
    value.problem("a path begins with \"/\", as \"/v1/models\"; \"/v1/*\" is every path below");
  }
  return path;
}

FaultMatch read_match(const lab::JsonValue& value) {
  constexpr std::int64_t kCountMax = 1'000'000'000;
  lab::JsonObject object = value.as_object();
  FaultMatch match;
  match.model = optional_string(object, "model");
  if (const auto path = object.find("path")) match.path = read_path(*path);
  match.api_key = optional_string(object, "api_key");
  if (const auto v = object.find("stream")) match.stream = v->as_bool();
  if (const auto v = object.find("header")) match.headers = read_headers(*v);
  match.percent = object.number("percent", 100, 0, 100);
  match.every_nth = static_cast<std::uint64_t>(object.integer("every_nth", 1, 1, kCountMax));
  match.first_n = static_cast<std::uint64_t>(object.integer("first_n", 0, 0, kCountMax));
  object.finish();
  return match;
}

FaultSchedule read_schedule(const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  FaultSchedule schedule;
  schedule.from = object.duration("from", {});
  if (const auto v = object.find("for")) schedule.length = v->as_duration();
  if (const auto v = object.find("every")) schedule.every = v->as_duration();
  schedule.ramp = object.duration("ramp", {});
  object.finish();
  if (schedule.every && *schedule.every <= lab::Duration::zero()) {
    value.problem("\"every\" takes a duration above 0");
    schedule.every.reset();
  }
  if (schedule.every && !schedule.length) value.problem("\"every\" needs \"for\"");
  return schedule;
}

bool can_be_chat(const std::optional<std::string>& path) {
  if (!path || !path->ends_with('*')) return !path || *path == kChatPath;
  return kChatPath.starts_with(std::string_view(*path).substr(0, path->size() - 1));
}

FaultRule read_rule(const lab::JsonValue& value, std::size_t number) {
  lab::JsonObject object = value.as_object();
  FaultRule rule;
  rule.name = object.string("name", "fault-" + std::to_string(number));
  if (const auto v = object.find("match")) rule.match = read_match(*v);
  if (const auto v = object.find("active")) rule.active = read_schedule(*v);
  const lab::JsonValue fault = object.require("fault");
  rule.fault = read_fault(fault);
  object.finish();
  if (is_about_chat(rule.fault.kind) && !can_be_chat(rule.match.path)) {
    fault.problem("is about chat completions, and match.path is another path");
  }
  return rule;
}

lab::Json match_json(const FaultMatch& match) {
  lab::Json json = lab::Json::object();
  if (match.model) json["model"] = *match.model;
  if (match.path) json["path"] = *match.path;
  if (match.api_key) json["api_key"] = *match.api_key;
  if (match.stream) json["stream"] = *match.stream;
  if (!match.headers.empty()) json["header"] = headers_json(match.headers);
  json["percent"] = match.percent;
  json["every_nth"] = match.every_nth;
  json["first_n"] = match.first_n;
  return json;
}

lab::Json schedule_json(const FaultSchedule& schedule) {
  lab::Json json{{"from", lab::format_duration(schedule.from)}};
  if (schedule.length) json["for"] = lab::format_duration(*schedule.length);
  if (schedule.every) json["every"] = lab::format_duration(*schedule.every);
  if (schedule.ramp > lab::Duration::zero()) json["ramp"] = lab::format_duration(schedule.ramp);
  return json;
}

lab::Json fault_json(const Fault& fault) {
  lab::Json json = lab::Json::object();
  for (const auto& [name, kind] : kKinds) {
    if (kind == fault.kind) json["kind"] = name;
  }
  if (fault.kind == Kind::status) {
    json["status"] = fault.status;
    if (fault.body) json["body"] = *fault.body;
  }
  if (fault.kind == Kind::error) json["condition"] = to_string(fault.condition);
  if (takes_headers(fault.kind)) {
    if (!fault.retry_after.empty()) json["retry_after"] = fault.retry_after;
    json["headers"] = headers_json(fault.headers);
  }
  if (takes_message(fault.kind) && !fault.message.empty()) json["message"] = fault.message;
  if (takes_delay(fault.kind)) json["delay"] = lab::write_duration_distribution(fault.delay);
  if (takes_duration(fault.kind)) json["duration"] = lab::format_duration(fault.duration);
  if (takes_after_tokens(fault.kind)) json["after_tokens"] = fault.after_tokens;
  if (fault.kind == Kind::wrong_content_type) json["content_type"] = fault.content_type;
  return json;
}

}  // namespace

std::vector<FaultRule> read_faults(const lab::JsonValue& value) {
  constexpr std::size_t kRulesMax = 256;
  std::vector<FaultRule> rules;
  for (const lab::JsonValue& element : value.as_array()) {
    FaultRule rule = read_rule(element, rules.size() + 1);
    const bool taken = std::any_of(rules.begin(), rules.end(),
                                   [&](const FaultRule& other) { return other.name == rule.name; });
    if (taken) element.problem("the name \"" + rule.name + "\" is taken by another rule");
    rules.push_back(std::move(rule));
  }
  if (rules.size() > kRulesMax) value.problem("at most 256 rules are allowed");
  return rules;
}

lab::Json to_json(const std::vector<FaultRule>& rules) {
  lab::Json json = lab::Json::array();
  for (const FaultRule& rule : rules) {
    json.push_back(lab::Json{{"name", rule.name},
                             {"match", match_json(rule.match)},
                             {"active", schedule_json(rule.active)},
                             {"fault", fault_json(rule.fault)}});
  }
  return json;
}

}  // namespace mockgw
