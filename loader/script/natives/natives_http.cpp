// Requests of k6/http: what the built-in module asks for in a flat list goes out, what comes back
// is a flat list, too.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loader/script/natives/native_exchange.h"
#include "loader/script/natives/natives.h"
#include "loader/script/script_batch.h"
#include "loader/script/script_http.h"

namespace loader {
namespace {

void native_request(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return;
  const auto exchange = user->run().exchanges.take();
  ScriptInstance& instance = instance_of(call);
  read_spec(instance, NativeSpec(call), exchange->request);
  if (!instance.wait(perform_by_any(user, exchange.get()))) return;
  call.GetReturnValue().Set(to_list(instance, *exchange));
}

void native_request_async(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr || !call[1]->IsFunction()) return;
  v8::Isolate* const isolate = call.GetIsolate();
  ScriptInstance* const instance = &instance_of(call);
  std::shared_ptr<ScriptExchange> exchange = user->run().exchanges.take();
  read_spec(*instance, NativeSpec(isolate, call[0]), exchange->request);
  const auto callback =
      std::make_shared<v8::Global<v8::Function>>(isolate, call[1].As<v8::Function>());
  instance->loop().begin(perform_by_any(user, exchange.get()), [instance, exchange, callback] {
    v8::Isolate* const its = instance->v8();
    v8::Local<v8::Value> argument = to_list(*instance, *exchange);
    ignore_result(callback->Get(its)->Call(instance->context(), v8::Undefined(its), 1, &argument));
  });
}

void native_batch(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr || !call[0]->IsArray()) return;
  v8::Isolate* const isolate = call.GetIsolate();
  const auto context = isolate->GetCurrentContext();
  ScriptInstance& instance = instance_of(call);
  const auto specs = call[0].As<v8::Array>();
  std::vector<ScriptExchanges::Lease> exchanges;
  const auto batch = std::make_unique<ScriptBatch>(
      *user, static_cast<std::size_t>(std::max(0.0, number_argument(call, 1))),
      static_cast<std::size_t>(std::max(0.0, number_argument(call, 2))));
  for (std::uint32_t i = 0; i < specs->Length(); ++i) {
    v8::Local<v8::Value> spec;
    if (!specs->Get(context, i).ToLocal(&spec)) return;
    exchanges.push_back(user->run().exchanges.take());
    read_spec(instance, NativeSpec(isolate, spec), exchanges.back()->request);
    batch->add(exchanges.back().get());
  }
  if (!instance.wait(batch->run())) return;
  auto answers = v8::Array::New(isolate, static_cast<int>(exchanges.size()));
  for (std::uint32_t i = 0; i < exchanges.size(); ++i) {
    ignore_result(answers->Set(context, i, to_list(instance, *exchanges[i])));
  }
  call.GetReturnValue().Set(answers);
}

bool is_one_of(char c, std::string_view others) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

// A scheme of ours, a host, maybe a port, maybe a path and a query: nothing to refuse or to encode.
bool is_plain_url(std::string_view url) {
  const std::size_t authority = url.starts_with("http://")    ? 7
                                : url.starts_with("https://") ? 8
                                                              : url.size();
  std::string_view rest = url.substr(authority);
  const auto skip = [&rest](auto may_stand) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), may_stand);
    const auto length = static_cast<std::size_t>(end - rest.begin());
    rest.remove_prefix(length);
    return length > 0;
  };
  if (!skip([](char c) { return is_one_of(c, ".-"); })) return false;
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    if (!skip([](char c) { return c >= '0' && c <= '9'; })) return false;
  }
  if (rest.empty()) return true;
  if (rest.front() != '/' && rest.front() != '?') return false;
  skip([](char c) { return is_one_of(c, "-._~!$&'()*+,;=:@/"); });
  // As Go has it, a query is sent as it is.
  if (rest.starts_with('?')) skip([](char c) { return c >= ' ' && c < '\x7f' && c != '#'; });
  return rest.empty();
}

void native_is_plain_url(const NativeCall& call) {
  call.GetReturnValue().Set(call[0]->IsString() && is_plain_url(text_argument(call, 0)));
}

// Without the white space that HTTP allows around a field's value.
std::string_view trimmed(std::string_view value) {
  const std::size_t begin = value.find_first_not_of(" \t\r");
  if (begin == value.npos) return {};
  return value.substr(begin, value.find_last_not_of(" \t\r") - begin + 1);
}

// As a key of an object, which V8 wants to be one string for each name.
v8::Local<v8::String> to_name(v8::Isolate* isolate, std::string_view name) {
  auto made = v8::String::NewFromUtf8(isolate, name.data(), v8::NewStringType::kInternalized,
                                      static_cast<int>(name.size()));
  return made.IsEmpty() ? v8::String::Empty(isolate) : made.ToLocalChecked();
}

// (block): names and values of its fields in turn.
void native_header_fields(const NativeCall& call) {
  v8::Isolate* const isolate = call.GetIsolate();
  const std::string block = text_argument(call, 0);
  std::vector<v8::Local<v8::Value>> fields;
  for (std::string_view rest = block; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    fields.push_back(to_name(isolate, line.substr(0, colon)));
    fields.push_back(to_v8(isolate, trimmed(line.substr(colon + 1))));
  }
  call.GetReturnValue().Set(v8::Array::New(isolate, fields.data(), fields.size()));
}

CookieJar* jar_argument(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  return user == nullptr ? nullptr : user->jar(static_cast<std::int64_t>(number_argument(call, 0)));
}

lab::WallTime wall_now(const NativeCall& call) {
  return user_of(call)->context().runtime().wall_now();
}

void native_jar_new(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  return_number(call, user == nullptr ? -1 : static_cast<double>(user->make_jar()));
}

void native_jar_set(const NativeCall& call) {
  CookieJar* const jar = jar_argument(call);
  const auto url = parse_url(text_argument(call, 1));
  if (jar != nullptr && url) jar->store(*url, text_argument(call, 2), wall_now(call));
}

void native_jar_get(const NativeCall& call) {
  v8::Isolate* const isolate = call.GetIsolate();
  const auto context = isolate->GetCurrentContext();
  auto list = v8::Array::New(isolate);
  CookieJar* const jar = jar_argument(call);
  const auto url = parse_url(text_argument(call, 1));
  if (jar != nullptr && url) {
    std::uint32_t index = 0;
    for (const auto& [name, value] : jar->list_for(*url, wall_now(call))) {
      ignore_result(list->Set(context, index++, to_v8(isolate, name)));
      ignore_result(list->Set(context, index++, to_v8(isolate, value)));
    }
  }
  call.GetReturnValue().Set(list);
}

void native_jar_clear(const NativeCall& call) {
  CookieJar* const jar = jar_argument(call);
  if (jar == nullptr) return;
  if (call[1]->IsNullOrUndefined()) return jar->clear();
  if (const auto url = parse_url(text_argument(call, 1))) jar->clear(*url, wall_now(call));
}

void native_jar_delete(const NativeCall& call) {
  CookieJar* const jar = jar_argument(call);
  const auto url = parse_url(text_argument(call, 1));
  if (jar != nullptr && url) jar->erase(*url, text_argument(call, 2));
}

constexpr NativeFunction kHttpNatives[] = {
    {"request", &native_request},
    {"requestAsync", &native_request_async},
    {"batch", &native_batch},
    {"jarNew", &native_jar_new},
    {"jarSet", &native_jar_set},
    {"jarGet", &native_jar_get},
    {"isPlainUrl", &native_is_plain_url},
    {"headerFields", &native_header_fields},
    {"jarClear", &native_jar_clear},
    {"jarDelete", &native_jar_delete},
};

}  // namespace

std::span<const NativeFunction> http_natives() { return kHttpNatives; }

}  // namespace loader
