#include "loader/script/natives/native_exchange.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "loader/http/error_code.h"

namespace loader {
namespace {

// Where texts that are likely to come again are kept.
enum KeptPlace : std::uint8_t {
  kMethodText,
  kUrlText,
  kNameText,
  kStatusText,
  kProtocolText,
  kAnswerUrlText,
  kRemoteIpText,
  kTlsVersionText,
  kCipherSuiteText,
  kTagTexts,
  kFieldTexts = kTagTexts + 8,
  kKeptPlaces = std::tuple_size_v<KeptTexts>,
};

class SpecReader {
 public:
  SpecReader(ScriptInstance& instance, const NativeSpec& spec)
      : isolate_(instance.v8()),
        context_(isolate_->GetCurrentContext()),
        texts_(instance.texts()),
        spec_(spec) {}

  [[nodiscard]] v8::Local<v8::Value> at(NativeSpec::Place place) const { return spec_[place]; }
  void text(NativeSpec::Place place, std::string& into) const {
    assign_utf8(isolate_, at(place), into);
  }
  void text(NativeSpec::Place place, KeptPlace kept, std::string& into) const {
    texts_[kept].assign_utf8(isolate_, at(place), into);
  }
  [[nodiscard]] double number(NativeSpec::Place place) const {
    const auto value = at(place);
    return value->IsNumber() ? value.As<v8::Number>()->Value() : 0;
  }
  /// A flat list of names and values; anything else is none.
  void tags(std::vector<std::pair<std::string, std::string>>& into) const {
    const std::uint32_t length = length_of(NativeSpec::kTags) / 2;
    into.resize(length);
    for (std::uint32_t i = 0; i < length; ++i) {
      kept_text(element(NativeSpec::kTags, 2 * i), kTagTexts + 2 * i, kFieldTexts, into[i].first);
      kept_text(element(NativeSpec::kTags, 2 * i + 1), kTagTexts + 2 * i + 1, kFieldTexts,
                into[i].second);
    }
  }
  void fields(std::vector<std::pair<std::string, std::string>>& into) const {
    into.resize(spec_.field_count());
    for (std::size_t i = 0; i < into.size(); ++i) {
      const std::size_t name = NativeSpec::kFields + 2 * i;
      kept_text(spec_[name], kFieldTexts + 2 * i, kKeptPlaces, into[i].first);
      kept_text(spec_[name + 1], kFieldTexts + 2 * i + 1, kKeptPlaces, into[i].second);
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
  /// At `place`, unless that is `end` or beyond it.
  void kept_text(v8::Local<v8::Value> value, std::size_t place, std::size_t end,
                 std::string& into) const {
    if (place < end) return texts_[place].assign_utf8(isolate_, value, into);
    assign_utf8(isolate_, value, into);
  }
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
  KeptTexts& texts_;
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

NativeSpec::NativeSpec(v8::Isolate* isolate, v8::Local<v8::Value> list) {
  const std::uint32_t length = list->IsArray() ? list.As<v8::Array>()->Length() : 0;
  list_.resize(std::max<std::size_t>(length, kFields), v8::Undefined(isolate));
  for (std::uint32_t i = 0; i < length; ++i) {
    ignore_result(list.As<v8::Array>()->Get(isolate->GetCurrentContext(), i).ToLocal(&list_[i]));
  }
}

void read_spec(ScriptInstance& instance, const NativeSpec& values, ScriptRequest& request) {
  v8::Isolate* const isolate = instance.v8();
  const SpecReader spec(instance, values);
  spec.text(NativeSpec::kMethod, kMethodText, request.method);
  spec.text(NativeSpec::kUrl, kUrlText, request.url);
  spec.text(NativeSpec::kName, kNameText, request.name);
  spec.tags(request.tags);
  spec.fields(request.headers);
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
v8::Local<v8::Array> to_list(ScriptInstance& instance, const ScriptExchange& exchange) {
  v8::Isolate* const isolate = instance.v8();
  const ScriptAnswer& answer = exchange.answer;
  const HttpOutcome& outcome = answer.outcome;
  const HttpTimings& timings = outcome.timings;
  const RequestError error = outcome.error.code != 0 ? outcome.error : status_error(outcome.status);
  const auto number = [isolate](double value) -> v8::Local<v8::Value> {
    return v8::Number::New(isolate, value);
  };
  const auto text = [&](KeptPlace place, std::string_view value) -> v8::Local<v8::Value> {
    return instance.texts()[place].to_v8(isolate, value);
  };
  const auto time = [&number](lab::Duration value) { return number(lab::to_milliseconds(value)); };
  v8::Local<v8::Value> values[] = {
      number(outcome.status),
      text(kStatusText, status_line(outcome)),
      text(kProtocolText, outcome.has_response() ? "HTTP/1.1" : ""),
      text(kAnswerUrlText,
           answer.redirected ? answer.redirected->to_string() : exchange.request.url),
      text(kRemoteIpText, outcome.remote_ip),
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
      text(kTlsVersionText, tls_name(outcome.tls.version)),
      text(kCipherSuiteText, outcome.tls.cipher_suite),
      to_v8(isolate, answer.sent),
      number(outcome.head_status),
  };
  return v8::Array::New(isolate, values, std::size(values));
}

v8::Local<v8::Array> head_to_list(ScriptInstance& instance, unsigned status,
                                  const lab::HttpHeaders& headers) {
  ScriptExchange exchange;
  exchange.request.response_type = ResponseType::none;
  exchange.answer.outcome.status = status;
  exchange.answer.outcome.reason = lab::reason_phrase(status);
  headers.append_to(exchange.answer.received);
  return to_list(instance, exchange);
}

}  // namespace loader
