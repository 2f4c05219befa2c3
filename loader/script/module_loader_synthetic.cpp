// Modules that are no JavaScript of ECMAScript's kind: built-in ones and those of CommonJS, whose
// exports are an object.
#include <algorithm>

#include "loader/script/engine/v8_values.h"
#include "loader/script/module_loader.h"
#include "loader/script/script_instance.h"

namespace loader {

v8::MaybeLocal<v8::Module> ModuleLoader::synthetic(const std::string& url,
                                                   v8::Local<v8::Value> exports, bool is_builtin) {
  v8::Isolate* const isolate = instance_.v8();
  std::vector<std::string> names{"default"};
  if (exports->IsObject()) {
    v8::Local<v8::Array> keys;
    if (!exports.As<v8::Object>()->GetOwnPropertyNames(instance_.context()).ToLocal(&keys)) {
      return {};
    }
    for (std::uint32_t i = 0; i < keys->Length(); ++i) {
      v8::Local<v8::Value> key;
      if (keys->Get(instance_.context(), i).ToLocal(&key)) names.push_back(to_utf8(isolate, key));
    }
  }
  if (is_builtin) {
    for (const std::string& extra : instance_.program().files.extra_exports(url)) {
      names.push_back(extra);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<v8::Local<v8::String>> handles;
  for (const std::string& name : names) handles.push_back(to_v8(isolate, name));
  const auto module =
      v8::Module::CreateSyntheticModule(isolate, to_v8(isolate, url), handles, &evaluate_synthetic);
  url_of_synthetic_[module->GetIdentityHash()] = url;
  loaded_[url].module.Reset(isolate, module);
  return module;
}

v8::MaybeLocal<v8::Value> ModuleLoader::evaluate_synthetic(v8::Local<v8::Context> context,
                                                           v8::Local<v8::Module> module) {
  v8::Isolate* const isolate = context->GetIsolate();
  ModuleLoader& self = ScriptInstance::of(isolate).modules();
  const std::string& url = self.url_of_synthetic_.at(module->GetIdentityHash());
  Loaded& loaded = self.loaded_[url];
  v8::Local<v8::Value> exports = loaded.commonjs.Get(isolate);
  if (loaded.source != nullptr) exports = member(context, exports.As<v8::Object>(), "exports");
  const auto set = [&](const std::string& name, v8::Local<v8::Value> value) {
    return module->SetSyntheticModuleExport(isolate, to_v8(isolate, name), value).IsJust();
  };
  v8::Local<v8::Value> by_default = exports;
  if (exports->IsObject()) {
    const auto object = exports.As<v8::Object>();
    v8::Local<v8::Array> keys;
    if (!object->GetOwnPropertyNames(context).ToLocal(&keys)) return {};
    for (std::uint32_t i = 0; i < keys->Length(); ++i) {
      v8::Local<v8::Value> key;
      if (!keys->Get(context, i).ToLocal(&key)) return {};
      const std::string name = to_utf8(isolate, key);
      const auto value = member(context, object, name);
      if (name == "default") {
        if (!value->IsNullOrUndefined()) by_default = value;
        continue;
      }
      // A key that has come since the names were taken is nothing that can be exported.
      const v8::TryCatch caught(isolate);
      (void)set(name, value);
    }
  }
  if (!set("default", by_default)) return {};
  if (url == "k6") {
    for (const std::string& extra : self.instance_.program().files.extra_exports(url)) {
      (void)set(extra, v8::Null(isolate));
    }
  }
  v8::Local<v8::Promise::Resolver> done;
  if (!v8::Promise::Resolver::New(context).ToLocal(&done)) return {};
  ignore_result(done->Resolve(context, v8::Undefined(isolate)));
  return done->GetPromise();
}

// `call.Data()` is the URL of the module that asks.
void ModuleLoader::resolve_from(const v8::FunctionCallbackInfo<v8::Value>& call) {
  v8::Isolate* const isolate = call.GetIsolate();
  ModuleLoader& self = ScriptInstance::of(isolate).modules();
  const auto resolved = self.instance_.program().files.resolve(to_utf8(isolate, call[0]),
                                                               to_utf8(isolate, call.Data()));
  if (!resolved) return self.throw_text(resolved.error().what);
  call.GetReturnValue().Set(to_v8(isolate, resolved->url));
}

void ModuleLoader::fill_import_meta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                                    v8::Local<v8::Object> meta) {
  v8::Isolate* const isolate = context->GetIsolate();
  const ModuleLoader& self = ScriptInstance::of(isolate).modules();
  const auto from = self.url_of_script_.find(module->ScriptId());
  const std::string& url =
      from == self.url_of_script_.end() ? self.instance_.program().files.main_url() : from->second;
  v8::Local<v8::Function> resolve;
  if (!v8::Function::New(context, &resolve_from, to_v8(isolate, url)).ToLocal(&resolve)) return;
  set_member(context, meta, "resolve", resolve);
}

}  // namespace loader
