// What a script instance hands out: what its functions return, and what it exports.
#include <algorithm>

#include "loader/script/engine/v8_values.h"
#include "loader/script/script_instance.h"

namespace loader {

lab::Result<std::optional<std::string>> ScriptInstance::result_json() {
  lab::Result<std::optional<std::string>> result = std::optional<std::string>();
  run_now([this, &result] {
    v8::Isolate* const isolate = v8();
    const v8::Context::Scope entered(context());
    const auto value = returned_.Get(isolate);
    if (value.IsEmpty() || value->IsUndefined()) return;
    v8::TryCatch caught(isolate);
    v8::Local<v8::Value> argument = value;
    v8::Local<v8::Value> json;
    const auto to_json = registered("goJson");
    if (to_json.As<v8::Function>()
            ->Call(context(), v8::Undefined(isolate), 1, &argument)
            .ToLocal(&json)) {
      result = std::optional<std::string>(to_utf8(isolate, json));
    } else {
      result = lab::Error{{}, caught.HasCaught() ? to_utf8(isolate, caught.Exception()) : "?"};
    }
  });
  return result;
}

lab::Result<std::optional<ScriptInstance::Files>> ScriptInstance::result_files() {
  lab::Result<std::optional<Files>> result = std::optional<Files>();
  run_now([this, &result] {
    v8::Isolate* const isolate = v8();
    const v8::Context::Scope entered(context());
    const v8::TryCatch ignored(isolate);
    const auto value = returned_.Get(isolate);
    if (value.IsEmpty() || !value->BooleanValue(isolate)) return;
    if (!value->IsObject() || value->IsArray()) {
      result = lab::Error{{}, "handleSummary() should return a map with string keys"};
      return;
    }
    const auto object = value.As<v8::Object>();
    v8::Local<v8::Array> keys;
    if (!object->GetOwnPropertyNames(context()).ToLocal(&keys)) return;
    Files files;
    for (std::uint32_t i = 0; i < keys->Length(); ++i) {
      v8::Local<v8::Value> key;
      if (!keys->Get(context(), i).ToLocal(&key)) continue;
      const std::string place = to_utf8(isolate, key);
      const auto content = member(context(), object, place);
      if (!content->IsString() && !content->IsArrayBuffer() && !content->IsArrayBufferView()) {
        result = lab::Error{
            {},
            "handleSummary(): the value for " + place + " is neither a string nor an ArrayBuffer"};
        return;
      }
      files.emplace_back(place, to_bytes(isolate, content));
    }
    result = std::optional<Files>(std::move(files));
  });
  return result;
}

lab::Result<void> ScriptInstance::read_exports() {
  lab::Result<void> result{};
  run_now([this, &result] {
    v8::Isolate* const isolate = v8();
    const v8::Context::Scope entered(context());
    v8::TryCatch caught(isolate);
    const auto exports = modules_.exports();
    v8::Local<v8::Array> keys;
    if (!exports->GetPropertyNames(context()).ToLocal(&keys)) return;
    for (std::uint32_t i = 0; i < keys->Length(); ++i) {
      v8::Local<v8::Value> key;
      if (!keys->Get(context(), i).ToLocal(&key)) continue;
      std::string name = to_utf8(isolate, key);
      const auto value = member(context(), exports, name);
      if (name != "options" && value->IsFunction()) program_.functions.push_back(name);
      if (name == "handleSummary" && !value->IsFunction()) {
        log(ScriptLogLevel::warning, "exported 'handleSummary' is no function, and is not called");
      }
      if (name == "options" && !value->IsNullOrUndefined()) {
        v8::Local<v8::Value> argument = value;
        v8::Local<v8::Value> json;
        if (!registered("goJson")
                 .As<v8::Function>()
                 ->Call(context(), v8::Undefined(isolate), 1, &argument)
                 .ToLocal(&json)) {
          result = lab::Error{"options", to_utf8(isolate, caught.Exception())};
          return;
        }
        program_.options = to_utf8(isolate, json);
      } else if ((name == "setup" || name == "teardown") && !value->IsFunction()) {
        result = lab::Error{{}, "exported '" + name + "' must be a function"};
        return;
      }
    }
    std::sort(program_.functions.begin(), program_.functions.end());
    modules_.keep_code();
  });
  return result;
}

}  // namespace loader
