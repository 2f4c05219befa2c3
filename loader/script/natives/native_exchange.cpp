#include "loader/script/natives/native_exchange.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "loader/http/error_code.h"
#include "loader/script/natives/natives.h"

namespace loader {
namespace {

// Places among the values that describe a request. Header fields follow, name and value in turn.
enum Spec : std::uint32_t {
  kMethod,
  kUrl,
  kName,
  kBody,
  kTimeout,
  kRedirects,
  kResponseType,
  kExpected,
  kJar,
  kCookies,
  kEncodings,
  kTags,
  kHeaders,
};

class SpecReader {
 public:
  SpecReader(v8::Isolate* isolate, std::span<const v8::Local<v8::Value>> spec)
      : isolate_(isolate), context_(isolate->GetCurrentContext()), spec_(spec) {}

  [[nodiscard]] v8::Local<v8::Value> at(std::uint32_t place) const { return spec_[place]; }
  [[nodiscard]] std::string text(std::uint32_t place) const { return to_utf8(isolate_, at(place)); }
  [[nodiscard]] double number(std::uint32_t place) const {
    const auto value = at(place);
    return value->IsNumber() ? value.As<v8::Number>()->Value() : 0;
  }
  [[nodiscard]] auto pairs(std::uint32_t place) const { return pairs_of(isolate_, at(place)); }
  [[nodiscard]] std::vector<double> numbers(std::uint32_t place) const {
    std::vector<double> numbers;
    const auto list = at(place).As<v8::Array>();
    for (std::uint32_t i = 0; i < list->Length(); ++i) {
      v8::Local<v8::Value> value;
      if (list->Get(context_, i).ToLocal(&value)) {
        numbers.push_back(value->NumberValue(context_).FromMaybe(0));
      }
    }
    return numbers;
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> headers() const {
    std::vector<std::pair<std::string, std::string>> headers;
    headers.reserve((spec_.size() - kHeaders) / 2);
    for (std::size_t i = kHeaders; i + 1 < spec_.size(); i += 2) {
      headers.emplace_back(to_utf8(isolate_, spec_[i]), to_utf8(isolate_, spec_[i + 1]));
    }
    return headers;
  }
  void cookies(ScriptRequest& request) const {
    if (!at(kCookies)->IsArray()) return;
    const auto list = at(kCookies).As<v8::Array>();
    for (std::uint32_t i = 0; i + 2 < list->Length(); i += 3) {
      v8::Local<v8::Value> name;
      v8::Local<v8::Value> value;
      v8::Local<v8::Value> replaces;
      if (!list->Get(context_, i).ToLocal(&name) || !list->Get(context_, i + 1).ToLocal(&value) ||
          !list->Get(context_, i + 2).ToLocal(&replaces)) {
        return;
      }
      request.cookies.push_back(
          {to_utf8(isolate_, name), to_utf8(isolate_, value), replaces->BooleanValue(isolate_)});
    }
  }

 private:
  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
  std::span<const v8::Local<v8::Value>> spec_;
};

std::optional<std::vector<StatusRange>> expected_of(const SpecReader& spec) {
  if (spec.at(kExpected)->IsUndefined()) return std::vector<StatusRange>{{200, 399}};
  if (!spec.at(kExpected)->IsArray()) return std::nullopt;
  const std::vector<double> bounds = spec.numbers(kExpected);
  std::vector<StatusRange> ranges;
  for (std::size_t i = 0; i + 1 < bounds.size(); i += 2) {
    ranges.push_back({static_cast<unsigned>(bounds[i]), static_cast<unsigned>(bounds[i + 1])});
  }
  return ranges;
}

std::string header_lines(const lab::HttpHeaders& headers) {
  std::string lines;
  headers.append_to(lines);
  return lines;
}

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

std::unique_ptr<NativeExchange> read_spec(v8::Isolate* isolate,
                                          std::span<const v8::Local<v8::Value>> values) {
  auto exchange = std::make_unique<NativeExchange>();
  if (values.size() < kHeaders) return exchange;
  const SpecReader spec(isolate, values);
  ScriptRequest& request = exchange->request;
  request.method = spec.text(kMethod);
  request.url = spec.text(kUrl);
  if (spec.at(kName)->IsString()) request.name = spec.text(kName);
  request.tags = spec.pairs(kTags);
  request.headers = spec.headers();
  if (!spec.at(kBody)->IsNullOrUndefined()) request.body = to_bytes(isolate, spec.at(kBody));
  request.timeout = duration_of(spec.number(kTimeout));
  const double redirects = spec.number(kRedirects);
  if (redirects >= 0) request.redirects_max = static_cast<std::uint32_t>(std::min(redirects, 1e6));
  exchange->type = static_cast<ResponseType>(static_cast<int>(spec.number(kResponseType)));
  request.keeps_body = exchange->type != ResponseType::none;
  request.expected = expected_of(spec);
  request.jar = static_cast<std::int64_t>(spec.number(kJar));
  spec.cookies(request);
  if (spec.at(kEncodings)->IsString()) request.encodings = spec.text(kEncodings);
  return exchange;
}

std::unique_ptr<NativeExchange> read_spec(v8::Isolate* isolate, v8::Local<v8::Value> list) {
  std::vector<v8::Local<v8::Value>> values;
  if (list->IsArray()) {
    const auto array = list.As<v8::Array>();
    values.resize(array->Length());
    for (std::uint32_t i = 0; i < values.size(); ++i) {
      if (!array->Get(isolate->GetCurrentContext(), i).ToLocal(&values[i])) values.clear();
    }
  }
  return read_spec(isolate, values);
}

// The list that NATIVE's other side reads, place by place.
v8::Local<v8::Array> to_list(v8::Isolate* isolate, const NativeExchange& exchange) {
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
      text(answer.redirected ? answer.redirected->to_string() : exchange.request.url),
      text(outcome.remote_ip),
      number(outcome.remote_ip.empty() ? 0 : answer.port),
      to_v8(isolate, outcome.has_response() ? header_lines(outcome.headers) : ""),
      body_of(isolate, outcome, exchange.type),
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
      text(tls_name(outcome.tls_version)),
      text(""),
      to_v8(isolate, answer.sent),
      number(outcome.head_status),
  };
  return v8::Array::New(isolate, values, std::size(values));
}
v8::Local<v8::Array> head_to_list(v8::Isolate* isolate, unsigned status,
                                  const lab::HttpHeaders& headers) {
  NativeExchange exchange;
  exchange.type = ResponseType::none;
  exchange.answer.outcome.status = status;
  exchange.answer.outcome.reason = lab::reason_phrase(status);
  exchange.answer.outcome.headers = headers;
  return to_list(isolate, exchange);
}

}  // namespace loader
