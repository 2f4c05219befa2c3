#include "loader/flow/step_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "loader/http/header_rules.h"
#include "loader/http/url.h"
#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::string_view kDefaultModel = "gpt-3.5-turbo";
constexpr std::int64_t kDefaultMaxTokens = 100;
constexpr double kDefaultTemperature = 0.7;
constexpr std::int64_t kMaxTokensLimit = 100'000'000;
constexpr std::int64_t kStatusMax = 599;

HeaderList read_headers(lab::JsonObject& object) {
  HeaderList headers;
  const auto value = object.find("headers");
  if (!value) return headers;
  for (const auto& [name, text] : value->as_object().members()) {
    const std::string field = text.as_string();
    if (auto problem = header_name_problem(name)) text.problem(*std::move(problem));
    auto problem = header_value_problem(field);
    if (!problem && lab::equals_ignore_case(name, "Host")) problem = host_value_problem(field);
    if (problem) text.problem(*std::move(problem));
    headers.emplace_back(name, field);
  }
  return headers;
}

std::string read_path(const lab::JsonValue& value) {
  std::string path = value.as_string("/");
  if (const auto url = join_url(Url{.host = "gateway"}, path); url.has_error()) {
    value.problem(url.error().what);
  }
  return path;
}

PromptList escaped(const std::vector<std::string>& texts) {
  std::vector<std::string> list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.push_back(json_escaped(text));
  return std::make_shared<const std::vector<std::string>>(std::move(list));
}

PromptList read_prompt_list(const lab::JsonValue& one_of, const FlowSettings& settings) {
  if (one_of.json().is_array()) {
    std::vector<std::string> texts = one_of.as_string_array();
    if (texts.empty()) {
      one_of.problem("must hold at least one prompt");
      texts.emplace_back();
    }
    return escaped(texts);
  }
  const auto texts = load_prompts(one_of.as_string(), settings.folder);
  if (texts.has_value()) return escaped(*texts);
  one_of.problem(texts.error().to_string());
  return escaped({""});
}

SyntheticPrompt read_synthetic(const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  SyntheticPrompt prompt{lab::read_number_distribution(object.require("tokens"))};
  object.finish();
  return prompt;
}

PromptSource read_prompt(const lab::JsonValue& value, const FlowSettings& settings) {
  if (value.json().is_string()) return escaped({value.as_string()});
  if (!value.json().is_object()) {
    value.problem(R"(must be a string, {"one_of": …} or {"synthetic": {"tokens": …}})");
    return escaped({""});
  }
  lab::JsonObject object = value.as_object();
  const auto one_of = object.find("one_of");
  const auto synthetic = object.find("synthetic");
  if (one_of.has_value() == synthetic.has_value()) {
    value.problem(R"(must have one of "one_of" and "synthetic")");
  }
  object.finish();
  if (synthetic) return read_synthetic(*synthetic);
  return one_of ? read_prompt_list(*one_of, settings) : escaped({""});
}

std::vector<std::string> read_models(lab::JsonObject& object, const ChatOverrides& overrides) {
  const auto value = object.find("model");
  std::vector<std::string> models;
  if (value && value->json().is_object()) {
    lab::JsonObject choice = value->as_object();
    models = choice.require("one_of").as_string_array();
    choice.finish();
    if (models.empty()) value->problem("must name at least one model");
  } else if (value) {
    models.push_back(value->as_string());
  }
  if (overrides.model) return {*overrides.model};
  if (models.empty()) models.emplace_back(kDefaultModel);
  return models;
}

void append_message(std::string& out, std::string_view role, std::string_view text) {
  out += R"({"role":")";
  out += role;
  out += R"(","content":")";
  out += json_escaped(text);
  out += R"("},)";
}

// The messages before the prompt, each with a comma behind it.
std::string read_earlier_messages(lab::JsonObject& object) {
  std::string out;
  if (const auto system = object.find("system")) {
    append_message(out, "system", system->as_string());
  }
  if (const auto messages = object.find("messages")) {
    for (const lab::JsonValue& message : messages->as_array()) {
      if (!message.json().is_object()) message.problem("must be an object with role and content");
      out += message.json().dump() + ",";
    }
  }
  return out;
}

// A whole number is written as one: TEMPERATURE=0 sends 0.
std::string number_text(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return lab::Json(value).dump();
}

// What the step says, unless the environment says otherwise; null leaves the member out.
std::string read_number_member(lab::JsonObject& object, std::string_view key, double fallback,
                               double max, std::optional<double> override_value) {
  const auto value = object.find(key);
  std::string text = number_text(fallback);
  if (value) text = value->is_null() ? "" : number_text(value->as_number(0, max, fallback));
  if (override_value) text = number_text(*override_value);
  return text.empty() ? "" : ",\"" + std::string(key) + "\":" + text;
}

std::string read_extra_members(lab::JsonObject& object) {
  std::string out;
  const auto extra = object.find("body");
  if (!extra) return out;
  for (const auto& [key, value] : extra->as_object().members()) {
    for (const char* const taken : {"model", "messages", "max_tokens", "temperature", "stream"}) {
      if (key == taken) value.problem("write this beside \"body\", not in it");
    }
    out += "," + lab::Json(key).dump() + ":" + value.json().dump();
  }
  return out;
}

// All members after "messages".
std::string read_body_rest(lab::JsonObject& object, const ChatOverrides& overrides, bool stream) {
  std::optional<double> max_tokens;
  if (overrides.max_tokens) max_tokens = static_cast<double>(*overrides.max_tokens);
  std::string out = read_number_member(object, "max_tokens", static_cast<double>(kDefaultMaxTokens),
                                       static_cast<double>(kMaxTokensLimit), max_tokens);
  out += read_number_member(object, "temperature", kDefaultTemperature, 1e9, overrides.temperature);
  out += stream ? R"(,"stream":true)" : R"(,"stream":false)";
  const auto include_usage = object.find("include_usage");
  if (include_usage && include_usage->as_bool()) {
    if (!stream) include_usage->problem("is for streams; a buffered response always has its usage");
    out += R"(,"stream_options":{"include_usage":true})";
  }
  return out + read_extra_members(object) + "}";
}

bool is_method(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

std::optional<StatusRange> parse_status_range(std::string_view text) {
  StatusRange range;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto last = std::from_chars(first.ptr + 1, end, range.last);
  if (last.ec != std::errc{} || last.ptr != end) return std::nullopt;
  if (range.first < 100 || range.last < range.first || range.last > kStatusMax) return std::nullopt;
  return range;
}

std::optional<double> parse_number(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || !std::isfinite(value) || value < 0)
    return std::nullopt;
  return value;
}

}  // namespace

ChatStep read_chat(const lab::JsonValue& value, const FlowSettings& settings) {
  lab::JsonObject object = value.as_object();
  ChatStep chat;
  std::string earlier = read_earlier_messages(object);
  std::string tail;
  if (const auto prompt = object.find("prompt")) {
    chat.prompt = read_prompt(*prompt, settings);
    tail = json_escaped(object.string("prompt_suffix"));
    earlier += R"({"role":"user","content":")";
    tail += R"("})";
  } else if (earlier.empty()) {
    value.problem("must have a prompt or messages");
  } else {
    earlier.pop_back();
  }
  if (const auto path = object.find("path")) chat.path = read_path(*path);
  chat.stream = object.boolean("stream", false);
  chat.body_tail = tail + "]" + read_body_rest(object, settings.overrides, chat.stream);
  if (settings.api_key) {
    if (auto problem = header_value_problem(*settings.api_key)) {
      value.problem("the scenario's API_KEY " + *std::move(problem));
    }
    chat.headers.emplace_back("Authorization", "Bearer " + *settings.api_key);
  }
  for (auto& header : read_headers(object)) chat.headers.push_back(std::move(header));
  for (std::string& model : read_models(object, settings.overrides)) {
    std::string head = R"({"model":)" + lab::Json(model).dump() + R"(,"messages":[)" + earlier;
    chat.models.push_back({std::move(model), std::move(head)});
  }
  object.finish();
  return chat;
}

HttpStep read_http(const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  HttpStep http;
  http.method = object.string("method", "GET");
  if (!is_method(http.method)) object.require("method").problem("must be a method such as GET");
  http.path = read_path(object.require("path"));
  http.headers = read_headers(object);
  if (const auto body = object.find("body")) {
    const bool is_text = body->json().is_string();
    http.body = is_text ? body->as_string() : body->json().dump();
    const bool has_type = std::any_of(
        http.headers.begin(), http.headers.end(),
        [](const auto& header) { return lab::equals_ignore_case(header.first, "Content-Type"); });
    if (!is_text && !has_type) http.headers.emplace_back("Content-Type", "application/json");
  }
  object.finish();
  return http;
}

std::vector<StatusRange> read_status_ranges(const lab::JsonValue& value) {
  std::vector<StatusRange> ranges;
  for (const lab::JsonValue& each : value.as_array()) {
    if (!each.json().is_string()) {
      const auto status = static_cast<unsigned>(each.as_integer(100, kStatusMax, 200));
      ranges.push_back({status, status});
      continue;
    }
    const auto range = parse_status_range(each.as_string());
    if (!range) each.problem("must be a status such as 404, or a range such as \"200-399\"");
    ranges.push_back(range.value_or(StatusRange{}));
  }
  if (value.json().is_array() && ranges.empty()) value.problem("must have at least one status");
  return ranges;
}

lab::Result<ChatOverrides> read_chat_overrides(const Environment& set_by_user) {
  const auto find = [&set_by_user](std::string_view name) -> const std::string* {
    const auto found = set_by_user.find(name);
    return found == set_by_user.end() || found->second.empty() ? nullptr : &found->second;
  };
  ChatOverrides overrides;
  if (const std::string* const model = find("MODEL")) overrides.model = *model;
  if (const std::string* const text = find("MAX_TOKENS")) {
    const auto number = parse_number(*text);
    if (!number || *number != std::floor(*number) ||
        *number > static_cast<double>(kMaxTokensLimit)) {
      return lab::Error{"MAX_TOKENS", "\"" + *text + "\" is not a whole number from 0 up"};
    }
    overrides.max_tokens = static_cast<std::int64_t>(*number);
  }
  if (const std::string* const text = find("TEMPERATURE")) {
    overrides.temperature = parse_number(*text);
    if (!overrides.temperature) {
      return lab::Error{"TEMPERATURE", "\"" + *text + "\" is not a number from 0 up"};
    }
  }
  return overrides;
}

}  // namespace loader
