#include "loader/script/natives/native_exchange.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "loader/http/error_code.h"

namespace loader {
namespace {

class SpecReader {
 public:
  SpecReader(v8::Isolate* isolate, const NativeSpec& spec)
      : isolate_(isolate), context_(isolate->GetCurrentContext()), spec_(spec) {}

  [[nodiscard]] v8::Local<v8::Value> at(NativeSpec::Place place) const { return spec_.at[place]; }
  void text(NativeSpec::Place place, std::string& into) const {
    assign_utf8(isolate_, at(place), into);
  }
  [[nodiscard]] double number(NativeSpec::Place place) const {
    const auto value = at(place);
    return value->IsNumber() ? value.As<v8::Number>()->Value() : 0;
  }
  /// A flat list of names and values; anything else is none.
  void pairs(NativeSpec::Place place,
             std::vector<std::pair<std::string, std::string>>& into) const {
    const std::uint32_t length = length_of(place) / 2;
    into.resize(length);
    for (std::uint32_t i = 0; i < length; ++i) {
      assign_utf8(isolate_, element(place, 2 * i), into[i].first);
      assign_utf8(isolate_, element(place, 2 * i + 1), into[i].second);
    }
  }
  void expected(std::optional<std::vector<StatusRange>>& into) const {
    if (at(NativeSpec::kExpected)->IsNull()) return into.reset();
    if (!into) into.emplace();
    into->clear();
    const std::uint32_t length = length_of(NativeSpec::kExpected);
    for (std::uint32_t i = 0; i + 1 < length; i += 2) {
      into->push_back({bound(i), bound(i + 1)});
    }
    if (length == 0) into->push_back({200, 399});
  }
  void cookies(std::vector<ScriptRequest::Cookie>& into) const {
    into.clear();
    const std::uint32_t length = length_of(NativeSpec::kCookies);
    for (std::uint32_t i = 0; i + 2 < length; i += 3) {
      into.push_back({to_utf8(isolate_, element(NativeSpec::kCookies, i)),
                      to_utf8(isolate_, element(NativeSpec::kCookies, i + 1)),
                      element(NativeSpec::kCookies, i + 2)->BooleanValue(isolate_)});
    }
  }

 private:
  /// 0 of what is no list.
  [[nodiscard]] std::uint32_t length_of(NativeSpec::Place place) const {
    return at(place)->IsArray() ? at(place).As<v8::Array>()->Length() : 0;
  }
  [[nodiscard]] v8::Local<v8::Value> element(NativeSpec::Place place, std::uint32_t index) const {
    v8::Local<v8::Value> value;
    if (!at(place).As<v8::Array>()->Get(context_, index).ToLocal(&value)) {
      return v8::Undefined(isolate_);
    }
    return value;
  }
  [[nodiscard]] unsigned bound(std::uint32_t index) const {
    const auto value = element(NativeSpec::kExpected, index);
    return static_cast<unsigned>(value->NumberValue(context_).FromMaybe(0));
  }

  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
  const NativeSpec& spec_;
};

bool has_body(const HttpOutcome& outcome, ResponseType type) {
  if (type == ResponseType::none) return false;
  if (outcome.status == 0) return !outcome.body.empty();
  return outcome.status >= 200 && outcome.status != 204 && outcome.status != 304;
}

v8::Local<v8::Value> body_of(v8::Isolate* isolate, const HttpOutcome& outcome, ResponseType type) {
  if (!has_body(outcome, type)) return v8::Null(isolate);
  if (type == ResponseType::binary) return to_buffer(isolate, outcome.body);
  return to_v8(isolate, outcome.body);
}

std::string tls_name(const std::string& version) {
  if (version.empty()) return {};
  return version.starts_with("tls") ? version : "tls" + version;
}

std::string status_line(const HttpOutcome& outcome) {
  return outcome.status == 0 ? "" : std::to_string(outcome.status) + " " + outcome.reason;
}

}  // namespace

NativeSpec spec_of(const NativeCall& call) {
  NativeSpec spec;
  for (std::size_t i = 0; i < NativeSpec::kPlaces; ++i) spec.at[i] = call[static_cast<int>(i)];
  return spec;
}

NativeSpec spec_of(v8::Isolate* isolate, v8::Local<v8::Value> list) {
  NativeSpec spec;
  spec.at.fill(v8::Undefined(isolate));
  if (!list->IsArray()) return spec;
  for (std::uint32_t i = 0; i < NativeSpec::kPlaces; ++i) {
    ignore_result(list.As<v8::Array>()->Get(isolate->GetCurrentContext(), i).ToLocal(&spec.at[i]));
  }
  return spec;
}

void read_spec(v8::Isolate* isolate, const NativeSpec& values, ScriptRequest& request) {
  const SpecReader spec(isolate, values);
  spec.text(NativeSpec::kMethod, request.method);
  spec.text(NativeSpec::kUrl, request.url);
  spec.text(NativeSpec::kName, request.name);
  spec.pairs(NativeSpec::kTags, request.tags);
  spec.pairs(NativeSpec::kHeaders, request.headers);
  request.body.clear();
  if (!spec.at(NativeSpec::kBody)->IsNullOrUndefined()) {
    assign_bytes(isolate, spec.at(NativeSpec::kBody), request.body);
  }
  request.timeout = duration_of(spec.number(NativeSpec::kTimeout));
  const double redirects = spec.number(NativeSpec::kRedirects);
  request.redirects_max.reset();
  if (redirects >= 0) request.redirects_max = static_cast<std::uint32_t>(std::min(redirects, 1e6));
  request.response_type =
      static_cast<ResponseType>(static_cast<int>(spec.number(NativeSpec::kResponseType)));
  spec.expected(request.expected);
  request.jar = static_cast<std::int64_t>(spec.number(NativeSpec::kJar));
  spec.cookies(request.cookies);
  spec.text(NativeSpec::kEncodings, request.encodings);
}

// The list that NATIVE's other side reads, place by place.
v8::Local<v8::Array> to_list(v8::Isolate* isolate, const ScriptExchange& exchange) {
  const ScriptAnswer& answer = exchange.answer;
  const HttpOutcome& outcome = answer.outcome;
  const HttpTimings& timings = outcome.timings;
  const RequestError error = outcome.error.code != 0 ? outcome.error : status_error(outcome.status);
  const auto number = [isolate](double value) -> v8::Local<v8::Value> {
    return v8::Number::New(isolate, value);
  };
  ScriptInstance& instance = ScriptInstance::of(isolate);
  // Most of these are the same at each time.
  const auto text = [&instance](std::string_view value) -> v8::Local<v8::Value> {
    return instance.text(value);
  };
  const auto time = [&number](lab::Duration value) { return number(lab::to_milliseconds(value)); };
  v8::Local<v8::Value> values[] = {
      number(outcome.status),
      text(status_line(outcome)),
      text(outcome.has_response() ? "HTTP/1.1" : ""),
      answer.redirected ? text(answer.redirected->to_string()) : text(exchange.request.url),
      text(outcome.remote_ip),
      number(outcome.remote_port),
      to_v8(isolate, answer.received),
      body_of(isolate, outcome, exchange.request.response_type),
      to_v8(isolate, error.text),
      number(error.code),
      time(timings.duration()),
      time(timings.blocked),
      number(0),
      time(timings.connecting),
      time(timings.tls_handshaking),
      time(timings.sending),
      time(timings.waiting),
      time(timings.receiving),
      text(tls_name(outcome.tls.version)),
      text(outcome.tls.cipher_suite),
      to_v8(isolate, answer.sent),
      number(outcome.head_status),
  };
  return v8::Array::New(isolate, values, std::size(values));
}
v8::Local<v8::Array> head_to_list(v8::Isolate* isolate, unsigned status,
                                  const lab::HttpHeaders& headers) {
  ScriptExchange exchange;
  exchange.request.response_type = ResponseType::none;
  exchange.answer.outcome.status = status;
  exchange.answer.outcome.reason = lab::reason_phrase(status);
  headers.append_to(exchange.answer.received);
  return to_list(isolate, exchange);
}

}  // namespace loader
