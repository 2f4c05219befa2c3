#include "mockgw/profiles/profile_reader.h"

#include "mockgw/limits/choices.h"
#include "mockgw/limits/circuit_breaker_config.h"
#include "mockgw/limits/header_text.h"
#include "mockgw/profiles/path_from.h"
#include "mockgw/profiles/profile_envelope.h"
#include "shared/base/embedded_files.h"

#include <algorithm>
#include <bitset>
#include <string>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using Streaming = StreamingBehaviour;

constexpr Choices<Streaming::CommitHeaders, 2> kCommitHeaders{{
    {"immediate", Streaming::CommitHeaders::immediate},
    {"first_token", Streaming::CommitHeaders::first_token},
}};
constexpr Choices<Streaming::PreTokenError, 2> kPreTokenErrors{{
    {"in_band", Streaming::PreTokenError::in_band},
    {"http_status", Streaming::PreTokenError::http_status},
}};
constexpr Choices<Streaming::MidStreamError, 3> kMidStreamErrors{{
    {"event", Streaming::MidStreamError::event},
    {"close", Streaming::MidStreamError::close},
    {"reset", Streaming::MidStreamError::reset},
}};
constexpr Choices<Streaming::Usage, 3> kUsages{{
    {"never", Streaming::Usage::never},
    {"last_chunk", Streaming::Usage::last_chunk},
    {"stream_options", Streaming::Usage::stream_options},
}};
constexpr Choices<bool, 2> kToolCallStarts{{{"with_role", true}, {"separate", false}}};
constexpr Choices<bool, 2> kNullOrOmit{{{"null", true}, {"omit", false}}};
constexpr Choices<RequiredHeader::Format, 2> kHeaderFormats{{
    {"any", RequiredHeader::Format::any},
    {"uuid", RequiredHeader::Format::uuid},
}};

constexpr std::int64_t kBodyBytesMax = std::int64_t{1} << 30;

std::string to_lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string read_text(const lab::JsonValue& value, std::string fallback) {
  if (!value.json().is_string()) return value.as_string(std::move(fallback));
  std::string problem = template_problem(value.json());
  if (!problem.empty()) value.problem(std::move(problem));
  return value.as_string(std::move(fallback));
}

std::optional<std::string> read_text_or_null(const lab::JsonValue& value) {
  if (value.is_null()) return std::nullopt;
  return read_text(value, {});
}

std::string allowed_envelopes() {
  std::string allowed;
  for (const std::string_view name : envelope_names()) allowed += " " + std::string(name) + ",";
  return allowed + " or an object that is the body";
}

Envelope read_envelope(const lab::JsonValue& value, const Envelope& fallback) {
  if (value.json().is_object()) {
    std::string problem = template_problem(value.json());
    if (!problem.empty()) value.problem(std::move(problem));
    return {"custom", Envelope::Kind::json, value.json()};
  }
  const std::string name = value.as_string(fallback.name);
  if (auto named = named_envelope(name)) return std::move(*named);
  value.problem("unknown envelope \"" + name + "\"; use one of" + allowed_envelopes());
  return fallback;
}

HeaderFields read_headers(const lab::JsonValue& value) {
  HeaderFields headers;
  lab::JsonObject object = value.as_object();
  for (const auto& [name, text] : object.members()) {
    headers.emplace_back(to_lower(name), read_text(text, {}));
    std::string problem = header_problem(name, headers.back().second);
    if (!problem.empty()) text.problem(std::move(problem));
  }
  return headers;
}

void read_status(const lab::JsonValue& value, ErrorTemplate& error) {
  error.status_of_upstream = value.json() == "upstream";
  if (error.status_of_upstream) return;
  if (value.json().is_string()) {
    value.problem("write a status from 200 to 599, or \"upstream\" for the upstream's own");
    return;
  }
  error.status = static_cast<unsigned>(
      value.as_integer(ErrorTemplate::kStatusMin, ErrorTemplate::kStatusMax, error.status));
}

void read_error_template(lab::JsonObject object, ErrorTemplate& error) {
  if (const auto value = object.find("status")) read_status(*value, error);
  if (const auto value = object.find("type")) error.type = read_text_or_null(*value).value_or("");
  if (const auto value = object.find("code")) error.code = read_text_or_null(*value);
  if (const auto value = object.find("param")) error.param = read_text_or_null(*value);
  if (const auto value = object.find("message")) error.message = read_text(*value, error.message);
  if (const auto value = object.find("headers")) error.headers = read_headers(*value);
  if (const auto value = object.find("envelope")) {
    error.envelope = read_envelope(*value, error.envelope);
  }
  object.finish();
}

using Given = std::bitset<kConditionCount>;

// Reads a section `errors`; answers which conditions it gives.
Given read_errors(lab::JsonObject section, Profile& profile) {
  if (const auto value = section.find("envelope")) {
    const Envelope envelope = read_envelope(*value, profile.errors.front().envelope);
    for (ErrorTemplate& error : profile.errors) error.envelope = envelope;
  }
  Given given;
  for (const auto& [name, condition] : kConditions) {
    const auto value = section.find(name);
    if (!value) continue;
    const auto index = static_cast<std::size_t>(condition);
    given.set(index);
    read_error_template(value->as_object(), profile.errors[index]);
  }
  section.finish();
  return given;
}

void report_missing(const Given& given, const Profile& profile, const lab::JsonValue& root) {
  if (profile.errors.front().envelope.name.empty()) {
    root.problem("errors.envelope is missing; use one of" + allowed_envelopes());
  }
  if (given.all()) return;
  std::string missing;
  for (const auto& [name, condition] : kConditions) {
    if (!given.test(static_cast<std::size_t>(condition))) missing += " " + std::string(name);
  }
  root.problem("errors lacks" + missing +
               "; a profile gives every condition or extends one, as in \"extends\": \"openai\"");
}

RequiredHeader read_required_header(lab::JsonObject object) {
  RequiredHeader required;
  required.name = to_lower(object.require("name").as_string());
  required.format = choose(object, "format", kHeaderFormats, required.format);
  required.detail = object.string("message", "Missing header " + required.name);
  object.finish();
  return required;
}

lab::Json read_success_envelope(const lab::JsonValue& value) {
  std::string problem = template_problem(value.json());
  if (!problem.empty()) value.problem(std::move(problem));
  return value.json();
}

// An empty name takes away that of the profile that is extended.
std::string read_preset_name(const lab::JsonValue& value) {
  std::string name = value.as_string();
  if (name.empty() || circuit_breaker_preset(name)) return name;
  std::string known;
  for (const std::string_view preset : circuit_breaker_preset_names()) {
    known += " " + std::string(preset);
  }
  value.problem("no preset \"" + name + "\"; there are" + known);
  return {};
}

void read_members(lab::JsonObject& object, bool is_extension, Profile& profile) {
  Given given;
  if (const auto value = object.find("errors")) given = read_errors(value->as_object(), profile);
  if (!is_extension) report_missing(given, profile, object.value());
  if (const auto value = object.find("streaming")) {
    read_streaming_overrides(value->as_object(), profile.streaming);
  }
  if (const auto value = object.find("headers")) profile.identity_headers = read_headers(*value);
  if (const auto value = object.find("rate_limit_headers")) {
    profile.rate_limit_headers =
        read_rate_limit_headers(value->as_object(), profile.rate_limit_headers);
  }
  if (const auto value = object.find("required_header")) {
    profile.required_header = read_required_header(value->as_object());
  }
  if (const auto value = object.find("requests")) {
    read_request_rules(value->as_object(), profile.requests);
  }
  if (const auto value = object.find("cors")) {
    profile.cors =
        value->is_null()
            ? std::nullopt
            : std::optional(read_cors(value->as_object(), profile.cors.value_or(Cors{})));
  }
  profile.message_annotations = object.boolean("message_annotations", profile.message_annotations);
  if (const auto value = object.find("success_envelope")) {
    profile.success_envelope = read_success_envelope(*value);
  }
  profile.health = choose(object, "health", kHealthStyles, profile.health);
  if (const auto value = object.find("max_body_bytes")) {
    profile.max_body_bytes = static_cast<std::uint64_t>(value->as_integer(1, kBodyBytesMax, 1));
  }
  if (const auto value = object.find("circuit_breaker_preset")) {
    profile.circuit_breaker_preset = read_preset_name(*value);
  }
  object.finish();
}

// What a status of "upstream" is when the upstream gave none.
void set_statuses_of_upstream(Profile& profile) {
  const auto set = [&](Condition condition, unsigned status) {
    profile.errors[static_cast<std::size_t>(condition)].status = status;
  };
  set(Condition::upstream_timeout, 504);
  set(Condition::upstream_connect, 502);
  set(Condition::upstream_4xx, 400);
  set(Condition::upstream_overloaded, 503);
  set(Condition::upstream_429, 429);
}

lab::Result<Profile> load(std::string_view name_or_path, int depth);

lab::Result<Profile> read(const lab::Json& json, std::string_view file, int depth) {
  lab::JsonProblems problems{std::string(file)};
  lab::JsonObject object = lab::JsonValue(json, "", problems).as_object();
  (void)object.find("$schema");  // For editors.
  const std::string base = object.string("extends");
  Profile profile;
  set_statuses_of_upstream(profile);
  if (!base.empty()) {
    if (depth >= kProfileExtendsMax) {
      return lab::Error{std::string(file) + ": extends",
                        "more than 4 profiles extend one another; is this a cycle?"};
    }
    const bool is_file = is_profile_path(base);
    auto extended = load(is_file ? path_from(file, base) : base, depth + 1);
    if (extended.has_error()) return extended;
    profile = std::move(*extended);
  }
  profile.name = object.string("name", std::string(file));
  read_members(object, !base.empty(), profile);
  if (problems.empty()) return profile;
  return lab::Error{{}, problems.to_string()};
}

lab::Result<Profile> load(std::string_view name_or_path, int depth) {
  if (is_profile_path(name_or_path)) {
    const auto json = lab::read_json_file(std::string(name_or_path));
    if (json.has_error()) return json.error();
    return read(*json, name_or_path, depth);
  }
  const std::string path = "profiles/" + std::string(name_or_path) + ".json";
  const auto text = lab::embedded_file(path);
  if (!text) {
    std::string names;
    for (const std::string_view name : profile_names()) names += " " + std::string(name);
    return lab::Error{{},
                      "no profile \"" + std::string(name_or_path) + "\"; there are" + names +
                          ", and a file's path"};
  }
  const auto json = lab::parse_json(*text, path);
  if (json.has_error()) return json.error();
  return read(*json, path, depth);
}

}  // namespace

std::vector<std::string_view> profile_names() {
  std::vector<std::string_view> names;
  for (std::string_view path : lab::embedded_files("profiles")) {
    path.remove_prefix(std::string_view("profiles/").size());
    if (!path.ends_with(".json")) continue;
    path.remove_suffix(std::string_view(".json").size());
    names.push_back(path);
  }
  return names;
}

bool is_profile_path(std::string_view name) {
  return name.find('/') != name.npos || name.ends_with(".json");
}

lab::Result<Profile> load_profile(std::string_view name_or_path) { return load(name_or_path, 0); }

lab::Result<Profile> read_profile(const lab::Json& json, std::string_view file) {
  return read(json, file, 0);
}

void read_error_overrides(lab::JsonObject section, Profile& profile) {
  read_errors(std::move(section), profile);
}

void read_streaming_overrides(lab::JsonObject section, StreamingBehaviour& streaming) {
  streaming.commit_headers =
      choose(section, "commit_headers", kCommitHeaders, streaming.commit_headers);
  streaming.pre_token_error =
      choose(section, "pre_token_error", kPreTokenErrors, streaming.pre_token_error);
  streaming.mid_stream_error =
      choose(section, "mid_stream_error", kMidStreamErrors, streaming.mid_stream_error);
  streaming.error_event = section.string("error_event", streaming.error_event);
  streaming.done_after_error = section.boolean("done_after_error", streaming.done_after_error);
  streaming.role_chunk = section.boolean("role_chunk", streaming.role_chunk);
  streaming.finish_reason_null =
      choose(section, "finish_reason_null", kNullOrOmit, streaming.finish_reason_null);
  streaming.usage = choose(section, "usage", kUsages, streaming.usage);
  streaming.keepalive = section.duration("keepalive", streaming.keepalive);
  streaming.keepalive_comment = section.string("keepalive_comment", streaming.keepalive_comment);
  streaming.trailer_event = section.string("trailer_event", streaming.trailer_event);
  streaming.obfuscation = section.boolean("obfuscation", streaming.obfuscation);
  streaming.tool_call_with_role =
      choose(section, "tool_call_start", kToolCallStarts, streaming.tool_call_with_role);
  section.finish();
}

}  // namespace mockgw
